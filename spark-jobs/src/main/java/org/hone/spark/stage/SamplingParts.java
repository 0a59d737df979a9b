package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.ExpectedTokens;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.session.Slots;
import org.hone.spark.table.CandidateTable;
import org.jspecify.annotations.Nullable;

/**
 * Sampling whose parts are kept, so that an interruption costs no more than the part that it falls into. How the prompts are cut
 * into parts depends on the cluster; what is sampled does not.
 */
final class SamplingParts {
    /** Where the parts are until the stage is done, in its folder. */
    static final String FOLDER = "parts";

    private static final String SAMPLED = "sampled-";
    private static final String SCORED = "scored-";
    /** What a part may cost: minutes for a small policy, and the last rows of its tasks stand empty once. */
    private static final int RESPONSES_PER_SLOT = 2_048;

    private final SparkSession spark;
    private final RunFolder folder;
    private final String stage;
    private final Fanout fanout;

    /** The parts of a stage, by its name in the run. */
    SamplingParts(SparkSession spark, RunFolder folder, String stage, Fanout fanout) {
        this.spark = spark;
        this.folder = folder;
        this.stage = stage;
        this.fanout = fanout;
    }

    /**
     * What is sampled from.
     *
     * @param folder Hugging Face folder of the policy, as a Hadoop path
     * @param weights what its matrices are kept as
     */
    record Sampled(String folder, SamplingWeights weights) {}

    /** Samples what no part has yet; how long earlier candidates are says how long these may be. */
    void sample(Dataset<Row> prompts, Sampled policy, SampleTask.Drawing draw, @Nullable Dataset<Row> earlier)
            throws IOException {
        Dataset<Row> open = without(prompts, draw.firstSample());
        int responses = draw.samples() * draw.temperatures().size();
        int size = 0;
        for (long left = open.count(); left > 0; left -= size) {
            size = Math.max(1, RESPONSES_PER_SLOT / responses) * Slots.reachable(spark.sparkContext());
            int number = numbers(SAMPLED).size();
            String part = part(SAMPLED, number);
            folder.clear(part, List.of());
            fanout.sample(
                    ExpectedTokens.of(
                            Fanout.choose(open, size, draw.seed()),
                            earlier == null ? candidates() : earlier.unionByName(candidates())),
                    policy.folder(),
                    policy.weights(),
                    draw,
                    stage + (left > size || number > 0 ? ", part " + (number + 1) : ""),
                    table(part));
            folder.commit(part, new StageReport(Map.of()));
            open = without(prompts, draw.firstSample());
        }
    }

    /** Scores the samples from a number on, unless that is done. */
    void score(int wave, int firstSample, List<RewardModelRef> models) throws IOException {
        String part = part(SCORED, wave);
        if (folder.isDone(part)) {
            return;
        }
        folder.clear(part, List.of());
        Fanout.score(
                candidates().filter(functions.col("sample").geq(firstSample)),
                models,
                fanout.progress(),
                stage + ", score " + (wave + 1),
                CandidateTable.SCORES,
                table(part));
        folder.commit(part, new StageReport(Map.of()));
    }

    /** All that was sampled. */
    Dataset<Row> candidates() throws IOException {
        return read(SAMPLED, CandidateTable.CANDIDATES);
    }

    /** All that was scored. */
    Dataset<Row> scores() throws IOException {
        return read(SCORED, CandidateTable.SCORES);
    }

    /** Makes one table of the parts and of what was sampled elsewhere, and says how much that is. */
    Map<String, Object> join(Dataset<Row> others, String path) throws IOException {
        candidates()
                .unionByName(others)
                .sortWithinPartitions("prompt_id", "temperature", "sample")
                .write()
                .parquet(path);
        Row row = spark.read()
                .schema(CandidateTable.CANDIDATES)
                .parquet(path)
                .agg(
                        functions.countDistinct("prompt_id"),
                        functions.count("*"),
                        functions.sum(functions.size(functions.col("tokens"))),
                        functions.avg(functions.expr("if(finish_reason in ('EOS', 'STOP'), 1.0, 0.0)")))
                .first();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("prompts", row.getLong(0));
        figures.put("candidates", row.getLong(1));
        figures.put("tokens", row.getLong(2));
        figures.put("finished_share", row.<Number>getAs(3).doubleValue());
        return figures;
    }

    private Dataset<Row> without(Dataset<Row> prompts, int firstSample) throws IOException {
        Dataset<Row> done = candidates()
                .filter(functions.col("sample").equalTo(firstSample))
                .select("prompt_id");
        return prompts.join(done, prompts.col("id").equalTo(done.col("prompt_id")), "left_anti");
    }

    private Dataset<Row> read(String kind, StructType schema) throws IOException {
        List<Integer> numbers = numbers(kind);
        return numbers.isEmpty()
                ? spark.createDataFrame(List.of(), schema)
                : spark.read()
                        .schema(schema)
                        .parquet(numbers.stream()
                                .map(number -> table(part(kind, number)))
                                .toArray(String[]::new));
    }

    /** The parts that are done. */
    private List<Integer> numbers(String kind) throws IOException {
        List<Integer> done = new ArrayList<>();
        while (folder.isDone(part(kind, done.size()))) {
            done.add(done.size());
        }
        return done;
    }

    private String part(String kind, int number) {
        return stage + "/" + FOLDER + "/" + kind + String.format(Locale.ROOT, "%05d", number);
    }

    private String table(String part) {
        return folder.path(part + "/rows");
    }
}
