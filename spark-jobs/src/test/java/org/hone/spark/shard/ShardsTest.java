package org.hone.spark.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.packing.PackedExample;
import org.hone.data.packing.PackedRow;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.Manifests;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.Storage;
import org.hone.spark.table.Columns;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.TokeniseText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ShardsTest {
    private static final int ROWS = 2_500;

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    /** Row i has the id row-i, the prompt 1, i, a response of i mod 3 tokens, and the margin i / 4. */
    private static Dataset<Row> rows(long count, int partitions) {
        return spark.range(0, count, 1, partitions)
                .selectExpr(
                        "concat('row-', id) as id",
                        "array(1, cast(id as int)) as prompt",
                        "array_repeat(7, cast(id % 3 as int)) as response",
                        "cast(id / 4 as float) as margin");
    }

    private static Storage storage() {
        return new Storage(spark.sparkContext().hadoopConfiguration());
    }

    private ShardManifest write(String name, Dataset<Row> rows, long seed) throws IOException {
        return write(name, rows, seed, ShardTarget.MAX_SHARD_BYTES);
    }

    private ShardManifest write(String name, Dataset<Row> rows, long seed, long bytes) throws IOException {
        return ShardWriter.write(rows, target(name, seed, bytes));
    }

    private ShardTarget target(String name, long seed, long bytes) {
        return new ShardTarget(storage(), folder.resolve(name).toString(), seed, Manifests.ENCODING, bytes);
    }

    private ShardReader reader(String name) throws IOException {
        String path = folder.resolve(name).toString();
        return new ShardReader(
                path,
                ShardManifest.read(storage(), path),
                List.of("prompt", "response"),
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    }

    private static List<String> ids(ShardReader reader, ShardManifest manifest) {
        List<String> ids = new ArrayList<>();
        for (int shard = 0; shard < manifest.shards().size(); shard++) {
            List<TokenRow> rows = reader.read(shard);
            assertThat(rows).hasSize(manifest.shards().get(shard).rows());
            rows.forEach(row -> ids.add(row.id()));
        }
        return ids;
    }

    @Test
    void theShardsAreTheSameForAnyPartitions() throws IOException {
        ShardManifest one = write("1", rows(ROWS, 1), 3);
        assertThat(one.shards()).extracting(ShardManifest.Shard::rows).containsExactly(2_048, 452);
        List<String> ids = ids(reader("1"), one);
        assertThat(new HashSet<>(ids)).hasSize(ROWS);
        // Of the last 452 rows a random shard of 2,048 has 370, and two standard deviations are 16.
        assertThat(ids.subList(0, 2_048).stream()
                        .filter(id -> Integer.parseInt(id.substring("row-".length())) >= 2_048)
                        .count())
                .as("a shard is a sample of all rows")
                .isBetween(330L, 410L);
        for (int partitions : new int[] {2, 7}) {
            ShardManifest manifest =
                    write(partitions + "", rows(ROWS, partitions).orderBy("margin"), 3);
            assertThat(ids(reader(partitions + ""), manifest)).isEqualTo(ids);
            assertThat(manifest.shards())
                    .extracting(ShardManifest.Shard::rowsSha256)
                    .isEqualTo(one.shards().stream()
                            .map(ShardManifest.Shard::rowsSha256)
                            .toList());
        }
        ShardManifest other = write("other", rows(ROWS, 1), 4);
        assertThat(ids(reader("other"), other)).isNotEqualTo(ids).hasSize(ROWS);
        assertThat(other.rowsSha256()).as("another order").isNotEqualTo(one.rowsSha256());
        Dataset<Row> altered =
                rows(ROWS, 1).withColumn("margin", functions.expr("if(id = 'row-7', cast(1.5 as float), margin)"));
        ShardManifest almost = write("almost", altered, 3);
        assertThat(IntStream.range(0, 2)
                        .filter(i -> !almost.shards()
                                .get(i)
                                .rowsSha256()
                                .equals(one.shards().get(i).rowsSha256())))
                .as("one value is another, in one shard")
                .hasSize(1);
    }

    @Test
    void rowsComeBackAsTheyWere() throws IOException {
        write("small", rows(5, 2), 0);
        Map<String, TokenRow> byId = new java.util.HashMap<>();
        reader("small").read(0).forEach(row -> byId.put(row.id(), row));
        assertThat(byId).hasSize(5);
        TokenRow last = java.util.Objects.requireNonNull(byId.get("row-4"));
        assertThat(last.tokens(0)).containsExactly(1, 4);
        assertThat(last.tokens(1)).containsExactly(7);
        assertThat(last.margin()).isEqualTo(1f);
        assertThat(java.util.Objects.requireNonNull(byId.get("row-3")).tokens(1))
                .isEmpty();
    }

    @Test
    void anAlteredShardIsRefused() throws IOException {
        ShardManifest manifest = write("run", rows(20, 1), 0);
        Path file = folder.resolve("run").resolve(manifest.shards().get(0).file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc")); // other file systems have none
        Files.write(file, bytes);
        ShardReader reader = reader("run");
        assertThatThrownBy(() -> reader.read(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.getFileName() + ": checksum ")
                .hasMessageContaining(
                        "the manifest says " + manifest.shards().get(0).sha256())
                .hasMessageContaining(ShardManifest.MEND);
    }

    @Test
    void noRowsAtAllIsAnError() {
        assertThatThrownBy(() -> write("none", rows(0, 1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no row to train on");
    }

    /** Of 10 rows i: a prompt of 2 tokens and a response of i mod 3; 0 + 1 + 2 three times, and 0. */
    @Test
    void theManifestSaysWhatTheShardsHold() throws IOException {
        ShardManifest manifest = write("figures", rows(10, 3).withColumn("dropped_tokens", functions.expr("5")), 0);
        assertThat(ShardManifest.read(storage(), folder.resolve("figures").toString()))
                .isEqualTo(manifest);
        assertThat(manifest.kind()).isEqualTo(ShardKind.EXAMPLES);
        assertThat(manifest.encoding()).isEqualTo(Manifests.ENCODING);
        assertThat(manifest.maxShardTokens()).isEqualTo(29);
        assertThat(manifest.figures())
                .isEqualTo(new ShardFigures(
                        10,
                        10,
                        29,
                        9,
                        4,
                        new ShardFigures.Lengths(
                                2, 2.9, 3, 4, 4, List.of(new ShardFigures.Bin(2, 4), new ShardFigures.Bin(4, 6))),
                        2.9 / 64));
    }

    @Test
    void noShardHasMoreTokensThanAllowed() throws IOException {
        ShardManifest manifest = write("bounded", rows(500, 3), 7, 640);
        assertThat(manifest.rowsPerShard())
                .as("640 bytes, 4 tokens of 4 bytes a row")
                .isEqualTo(40);
        assertThat(manifest.shards()).hasSize(13);
        assertThat(manifest.shards()).allMatch(shard -> shard.tokens() * 4 <= 640);
        assertThat(ids(reader("bounded"), manifest)).hasSize(500).doesNotHaveDuplicates();
        assertThatThrownBy(() -> write("narrow", rows(5, 1), 7, 15))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a row of 4 tokens needs 16 bytes, a shard may have 15");
    }

    @Test
    void aManifestOfAnotherMakeIsRefused() throws IOException {
        write("strict", rows(5, 1), 0);
        Path file = folder.resolve("strict").resolve(ShardManifest.NAME);
        String text = Files.readString(file);
        assertThat(text).contains("\"rows_per_shard\" : 2048").contains("\"tokenizer_sha256\"");
        refused(file, text.replace("\"version\" : 3,", ""), "version 1 (it names none); this Hone reads version 3");
        refused(file, text.replace("\"version\" : 3", "\"version\" : 2"), "a manifest of version 2");
        refused(
                file,
                text.replace("\"trained_tokens\"", "\"learned_tokens\""),
                "Missing creator property 'trained_tokens'");
        refused(file, text.replace("\"rows\" : 5,", "\"rows\" : 5, \"lines\" : 5,"), "Unrecognized field \"lines\"");
        refused(file, text.replaceFirst("\"kind\" : \"[A-Z]+\",", ""), "kind");
        refused(file, text.replace("\"rows\" : 5,", "\"rows\" : 5, \"rows\" : 5,"), "Duplicate field 'rows'");
        refused(file, text.replace("\"rows\" : 5,", "\"rows\" : \"5\","), "Cannot coerce String value");
        refused(file, text.replaceFirst("\"rows\" : 5,", "\"rows\" : 6,"), "leave 6 for it");
        refused(file, text.replace("part-", "../part-"), "is not the name of a file in the folder");
        refused(file, text + "{}", "not a manifest of shards");
        refused(file, text.substring(0, text.length() / 2), ShardManifest.MEND);
    }

    private void refused(Path file, String text, String message) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() ->
                        ShardManifest.read(storage(), folder.resolve("strict").toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageEndingWith(ShardManifest.MEND);
    }

    @Test
    void aTableWithoutTokensIsRefused() {
        assertThatThrownBy(() -> write("text", rows(5, 1).drop("response"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a table with the columns id, prompt, margin is no table of token rows");
    }

    /** Rows of EXAMPLES: of row i the prompt 1, i, a response of 0 to 37 tokens, every fifth cut. */
    private static Dataset<Row> examples(long count, int partitions) {
        return spark.range(0, count, 1, partitions)
                .selectExpr(
                        "concat('row-', id) as id",
                        "array(1, cast(id as int)) as prompt",
                        "array_repeat(cast(id as int), cast(pmod(hash(id), 38) as int)) as response",
                        "cast(if(id % 5 = 0, 3, 0) as int) as dropped_tokens");
    }

    @Test
    void packedShardsHoldEveryExampleOnceForAnyPartitions() throws IOException {
        ShardManifest manifest = PackedShards.write(examples(900, 1), target("packed-1", 3, 20_000));
        assertThat(manifest.kind()).isEqualTo(ShardKind.PACKED);
        assertThat(manifest.figures().examples()).isEqualTo(900);
        assertThat(manifest.figures().truncatedExamples()).isEqualTo(180);
        assertThat(manifest.figures().lengths().max()).isLessThanOrEqualTo(64);
        assertThat(manifest.figures().fillRate()).isBetween(0.95, 1.0);
        assertThat(manifest.shards().size()).isGreaterThan(2);
        List<PackedExample> expected = examples(900, 1).collectAsList().stream()
                .map(row -> new PackedExample(
                        row.getAs("id"),
                        Columns.tokens(row, "prompt"),
                        Columns.tokens(row, "response"),
                        row.<Integer>getAs("dropped_tokens")))
                .toList();
        List<PackedExample> found = new ArrayList<>();
        spark.read()
                .schema(TokenTables.PACKED)
                .parquet(folder.resolve("packed-1").toString())
                .collectAsList()
                .forEach(row -> {
                    PackedRow packed = PackedShards.packedRow(row);
                    assertThat(row.<String>getAs("id")).isEqualTo(packed.id());
                    found.addAll(packed.unpack());
                });
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(manifest.figures().trainedTokens())
                .isEqualTo(expected.stream().mapToLong(e -> e.response().length).sum());
        for (int partitions : new int[] {2, 7}) {
            ShardManifest other = PackedShards.write(
                    examples(900, partitions).orderBy("response"), target("packed-" + partitions, 3, 20_000));
            assertThat(other.figures()).isEqualTo(manifest.figures());
            assertThat(contents("packed-" + partitions, other)).isEqualTo(contents("packed-1", manifest));
        }
    }

    /** Ids and tokens of all shards, as text. */
    private List<String> contents(String name, ShardManifest manifest) {
        List<String> contents = new ArrayList<>();
        ShardReader reader = new ShardReader(
                folder.resolve(name).toString(),
                manifest,
                manifest.kind().columns(),
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
        for (int shard = 0; shard < manifest.shards().size(); shard++) {
            for (TokenRow row : reader.read(shard)) {
                contents.add(
                        row.id() + row.tokens().stream().map(Arrays::toString).toList());
            }
        }
        return contents;
    }

    /** Windows of 100 examples: each is packed for itself, and nothing falls between two. */
    @Test
    void windowsArePackedForThemselves() {
        try (ShuffledRows ordered = new ShuffledRows(examples(450, 4), 5)) {
            List<Row> rows = PackedShards.packed(ordered, 100, 64).collectAsList();
            List<String> ids = new ArrayList<>();
            rows.forEach(row -> ids.addAll(row.<String>getList(row.fieldIndex("examples"))));
            assertThat(ids).hasSize(450).doesNotHaveDuplicates();
            assertThat(PackedShards.packed(ordered, 450, 64).count()).isLessThan(rows.size());
        }
        assertThat(PackedShards.windowExamples(512)).isEqualTo(16_384);
        assertThat(PackedShards.windowExamples(4_096)).isEqualTo(8_192);
        assertThat(PackedShards.windowExamples(1 << 20)).isEqualTo(32);
    }

    @Test
    void documentsArePackedWithoutLoss() throws IOException {
        var hadoop = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        Path tokenizer = TinyModels.tokenizer(folder.resolve("tokenizer.model"));
        Encoding encoding = new Encoding(tokenizer.toString(), "plain", 64, hadoop);
        Dataset<Row> documents = spark.range(0, 60, 1, 3)
                .selectExpr("concat('doc-', id) as id", "repeat(concat('fox ', id, ' '), cast(id as int)) as text");
        PackedShards.write(
                documents.mapPartitions(new TokeniseText(encoding), Encoders.row(TokenTables.EXAMPLES)),
                ShardTarget.of(storage(), folder.resolve("documents").toString(), 0, encoding));
        Map<String, int[]> pieces = new TreeMap<>();
        spark.read()
                .schema(TokenTables.PACKED)
                .parquet(folder.resolve("documents").toString())
                .collectAsList()
                .forEach(row -> PackedShards.packedRow(row)
                        .unpack()
                        .forEach(piece -> pieces.put(piece.id(), piece.response())));
        try (Tokenizer opened = Tokenizer.open(tokenizer)) {
            for (Row document : documents.collectAsList()) {
                String id = document.getAs("id");
                int[] ids = pieces.getOrDefault(id, new int[0]);
                for (int i = 0; pieces.containsKey(id + "#" + i); i++) {
                    ids = Columns.joined(ids, pieces.getOrDefault(id + "#" + i, new int[0]));
                }
                assertThat(ids[ids.length - 1]).isEqualTo(opened.eosId());
                assertThat(opened.decode(ids)).isEqualTo(document.<String>getAs("text"));
            }
        }
        assertThat(pieces).hasSizeGreaterThan(60);
    }
}
