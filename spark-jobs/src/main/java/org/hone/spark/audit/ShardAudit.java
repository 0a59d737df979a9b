package org.hone.spark.audit;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.data.audit.Rule;
import org.hone.data.audit.TokenRules;
import org.hone.data.packing.DocumentPieces;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.TokenRow;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.EncodingIdentity;

/**
 * The audit of token shards on disk: that they are what the manifest says, were made with the tokenizer and template that
 * are used now, and that every row keeps to {@link TokenRules}. Each shard is read by one task as a rank reads it.
 */
final class ShardAudit {
    private static final String DROPPED = "dropped_tokens";

    private final SparkSession spark;
    private final Encoding encoding;

    ShardAudit(SparkSession spark, Encoding encoding) {
        this.spark = spark;
        this.encoding = encoding;
    }

    /**
     * What was found in a folder.
     *
     * @param folder the folder
     * @param problems what is wrong with its files or its manifest, in words
     * @param verdicts on the rows of the files that can be read
     */
    record Found(String folder, List<String> problems, Dataset<Row> verdicts) {}

    Found audit(String folder) throws IOException {
        List<String> problems = new ArrayList<>();
        Dataset<Row> none = spark.createDataFrame(List.of(), Verdicts.SCHEMA);
        ShardManifest manifest;
        try {
            manifest = ShardManifest.read(new Storage(encoding.hadoop().value()), folder);
        } catch (IOException e) {
            return new Found(folder, List.of(String.valueOf(e.getMessage())), none);
        }
        compare(folder, manifest.encoding(), encoding.identity(), problems);
        ReadShard task = new ReadShard(folder, manifest, encoding);
        List<Integer> numbers =
                IntStream.range(0, manifest.shards().size()).boxed().toList();
        Set<Integer> unreadable = new java.util.HashSet<>();
        spread(numbers)
                .flatMap((FlatMapFunction<Integer, String>) task::problem, Encoders.STRING())
                .collectAsList()
                .forEach(line -> {
                    int space = line.indexOf(' ');
                    unreadable.add(Integer.parseInt(line.substring(0, space)));
                    problems.add(line.substring(space + 1));
                });
        List<Integer> readable =
                numbers.stream().filter(number -> !unreadable.contains(number)).toList();
        if (readable.isEmpty()) {
            return new Found(folder, problems, none);
        }
        return new Found(folder, problems, spread(readable).flatMap(task, Encoders.row(Verdicts.SCHEMA)));
    }

    private Dataset<Integer> spread(List<Integer> numbers) {
        return spark.createDataset(numbers, Encoders.INT()).repartition(numbers.size());
    }

    private static void compare(String folder, EncodingIdentity stored, EncodingIdentity used, List<String> problems) {
        compare(folder, "the tokenizer", stored.tokenizerSha256(), used.tokenizerSha256(), problems);
        compare(folder, "the template", stored.template(), used.template(), problems);
        if (stored.template().equals(used.template())
                && stored.tokenizerSha256().equals(used.tokenizerSha256())) {
            compare(folder, "what the template does", stored.templateHash(), used.templateHash(), problems);
        }
        compare(folder, "the maximal length", stored.maxLength() + "", used.maxLength() + "", problems);
    }

    private static void compare(String folder, String what, String stored, String used, List<String> problems) {
        if (!stored.equals(used)) {
            problems.add(folder + ": " + what + " of the shards is " + stored + ", the one that is used now is " + used
                    + "; tokenise again");
        }
    }

    /** Compares sums over all verdicts with those in the manifest. */
    static List<String> recount(String folder, ShardManifest manifest, AuditReport.Counts counts) {
        int parts = manifest.kind() == org.hone.spark.shard.ShardKind.PAIRS ? 2 : 1;
        List<String> problems = new ArrayList<>();
        compareCount(folder, "examples", manifest.figures().examples(), counts.rows() / parts, problems);
        compareCount(folder, "trained tokens", manifest.figures().trainedTokens(), counts.trained(), problems);
        compareCount(
                folder,
                "truncated examples",
                manifest.figures().truncatedExamples(),
                counts.truncated() / parts,
                problems);
        return problems;
    }

    private static void compareCount(String folder, String what, long stored, long found, List<String> problems) {
        if (stored != found) {
            problems.add(folder + ": the manifest says " + stored + " " + what + ", the shards have " + found
                    + "; the manifest was altered: delete the folder and tokenise again");
        }
    }

    /**
     * Reads a shard and checks its rows.
     *
     * @param folder the folder
     * @param manifest its manifest
     * @param encoding how rows must have been made
     */
    private record ReadShard(String folder, ShardManifest manifest, Encoding encoding)
            implements FlatMapFunction<Integer, Row>, Serializable {
        private List<TokenRow> rows(int number) {
            List<String> columns = new ArrayList<>(manifest.kind().columns());
            columns.add(DROPPED);
            return new ShardReader(folder, manifest, columns, encoding.hadoop()).read(number);
        }

        Iterator<String> problem(Integer number) {
            ShardManifest.Shard shard = manifest.shards().get(number);
            try {
                long tokens = rows(number).stream().mapToLong(this::tokens).sum();
                return tokens == shard.tokens()
                        ? List.<String>of().iterator()
                        : List.of(number + " " + folder + "/" + shard.file() + ": has " + tokens
                                        + " tokens, the manifest says " + shard.tokens()
                                        + "; delete the folder and tokenise again")
                                .iterator();
            } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
                return List.of(number + " " + e.getMessage()).iterator();
            }
        }

        private long tokens(TokenRow row) {
            return switch (manifest.kind()) {
                case EXAMPLES -> (long) row.tokens(0).length + row.tokens(1).length;
                case PAIRS -> (long) row.tokens(0).length + row.tokens(1).length + row.tokens(2).length;
                case PACKED -> row.tokens(0).length;
            };
        }

        @Override
        public Iterator<Row> call(Integer number) {
            RowChecks checks = new RowChecks(
                    folder,
                    manifest.kind().key(),
                    new TokenRules(encoding.openTokenizer(), manifest.encoding().maxLength()),
                    manifest.encoding().maxLength());
            List<Row> verdicts = new ArrayList<>();
            for (TokenRow row : rows(number)) {
                switch (manifest.kind()) {
                    case EXAMPLES ->
                        verdicts.add(checks.row(row.id(), "response", row.tokens(0), row.tokens(1), row.tokens(2)[0]));
                    case PAIRS -> {
                        verdicts.add(checks.row(row.id(), "chosen", row.tokens(0), row.tokens(1), row.tokens(3)[0]));
                        verdicts.add(checks.row(row.id(), "rejected", row.tokens(0), row.tokens(2), row.tokens(3)[0]));
                    }
                    case PACKED -> verdicts.addAll(checks.packed(row));
                }
            }
            return verdicts.iterator();
        }
    }

    /**
     * Rules on stored rows.
     *
     * @param table the folder
     * @param source what its rows are
     * @param rules the rules
     * @param maxLength the most ids of a row
     */
    private record RowChecks(String table, String source, TokenRules rules, int maxLength) {
        Row row(String id, String part, int[] prompt, int[] response, int dropped) {
            int[] ids = Columns.joined(prompt, response);
            boolean[] mask = new boolean[ids.length];
            Arrays.fill(mask, prompt.length, ids.length, true);
            // stored rows do not say where tokens were left out; a document goes on in its next piece
            boolean isWhole = dropped == 0 && !DocumentPieces.mayGoOn(prompt.length, ids.length, maxLength);
            TokenRules.Ending ending = isWhole ? TokenRules.Ending.WHOLE : TokenRules.Ending.UNKNOWN;
            return new Verdicts.Subject(table, source, id, part)
                    .verdict(rules.check(ids, mask, prompt.length, ending), ids.length, response.length, dropped > 0);
        }

        /** A verdict for each example: it has its own BOS, mask and EOS. */
        List<Row> packed(TokenRow row) {
            int[] tokens = row.tokens(0);
            List<Row> verdicts = new ArrayList<>();
            int start = 0;
            for (int e = 0; e < row.tokens(1).length; e++) {
                int border = start + row.tokens(1)[e];
                int end = border + row.tokens(2)[e];
                verdicts.add(row(
                        row.id() + "#" + e,
                        "packed",
                        Arrays.copyOfRange(tokens, start, border),
                        Arrays.copyOfRange(tokens, border, end),
                        row.tokens(3)[e]));
                start = end;
            }
            Set<Rule> length = rules.length(tokens.length);
            if (!length.isEmpty()) {
                verdicts.add(new Verdicts.Subject(table, source, row.id(), "row").verdict(length, 0, 0, false));
            }
            return verdicts;
        }
    }
}
