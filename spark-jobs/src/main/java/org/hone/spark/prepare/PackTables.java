package org.hone.spark.prepare;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.EncodingRecipe;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.shard.PackedShards;
import org.hone.spark.shard.ShardFigures;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.Table;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.Split;
import org.hone.spark.tokenise.TokeniseExamples;
import org.hone.spark.tokenise.TokenisePairs;
import org.hone.spark.tokenise.TokeniseText;

/**
 * {@code curated/} → {@code shards/}: comparisons with their prompt once, demonstrations and documents packed without
 * leaks. Each folder of shards has a manifest with counts, lengths and checksums.
 */
public final class PackTables {
    /** The step's folder. */
    static final String STEP = "shards";

    private PackTables() {}

    /**
     * Writes shards.
     *
     * @param folder the data folder
     * @param resolved the recipe
     * @return rows, tokens and how full packed rows are
     * @throws IOException if something cannot be read or written
     */
    public static StageReport run(DataFolder folder, ResolvedRecipe<DataRecipe> resolved) throws IOException {
        DataRecipe recipe = resolved.recipe();
        Encoding encoding = encoding(folder, recipe.encoding());
        return Steps.once(folder, STEP, inputs(folder, recipe), () -> {
            Map<String, Object> figures = new LinkedHashMap<>();
            for (Table table : Curated.PAIRS) {
                Dataset<Row> pairs = Curated.read(folder, table)
                        .mapPartitions(
                                new TokenisePairs(
                                        encoding, Split.NONE, recipe.encoding().margin()),
                                Encoders.row(TokenTables.PAIRS));
                write(folder, recipe, encoding, table, pairs, false, figures);
            }
            Dataset<Row> examples = Curated.read(folder, Curated.SFT)
                    .mapPartitions(new TokeniseExamples(encoding), Encoders.row(TokenTables.EXAMPLES));
            write(folder, recipe, encoding, Curated.SFT, examples, true, figures);
            Dataset<Row> documents = Curated.read(folder, Curated.DOCUMENTS)
                    .mapPartitions(new TokeniseText(encoding), Encoders.row(TokenTables.EXAMPLES));
            write(folder, recipe, encoding, Curated.DOCUMENTS, documents, true, figures);
            return new StageReport(figures);
        });
    }

    /** What shards of the curated tables as they are now are made from; shards of anything else are stale. */
    static String inputs(DataFolder folder, DataRecipe recipe) throws IOException {
        return Steps.state(folder, CurateTables.STEP, CurateTables.COMMAND)
                + recipe.seed()
                + recipe.encoding()
                + encoding(folder, recipe.encoding()).identity();
    }

    static Encoding encoding(DataFolder folder, EncodingRecipe recipe) {
        return new Encoding(
                recipe.tokenizer(),
                recipe.template(),
                recipe.maxLength(),
                new SerializableConfiguration(folder.spark().sparkContext().hadoopConfiguration()));
    }

    private static void write(
            DataFolder folder,
            DataRecipe recipe,
            Encoding encoding,
            Table table,
            Dataset<Row> rows,
            boolean packed,
            Map<String, Object> figures)
            throws IOException {
        String path = folder.path(STEP + "/" + table.name());
        folder.storage().delete(path);
        long rowsIn = Curated.read(folder, table).count();
        String of = " " + table.name();
        figures.put("rows_in" + of, rowsIn);
        if (rowsIn == 0) {
            return;
        }
        ShardTarget target = ShardTarget.of(folder.storage(), path, recipe.seed(), encoding);
        ShardManifest manifest = packed ? PackedShards.write(rows, target) : ShardWriter.write(rows, target);
        ShardFigures written = manifest.figures();
        // of a document there may be several pieces
        if (written.examples() < rowsIn || (!table.equals(Curated.DOCUMENTS) && written.examples() > rowsIn)) {
            throw new IllegalStateException(
                    path + ": " + rowsIn + " rows in, " + written.examples() + " in the shards");
        }
        figures.put("examples" + of, written.examples());
        figures.put("shards" + of, manifest.shards().size());
        figures.put("rows_sha256" + of, manifest.rowsSha256());
        figures.put("tokens" + of, written.tokens());
        figures.put("trained_tokens" + of, written.trainedTokens());
        figures.put("truncated" + of, written.truncatedExamples());
        if (packed) {
            figures.put("packed_rows" + of, manifest.rows());
            figures.put("fill_rate" + of, written.fillRate());
        }
    }
}
