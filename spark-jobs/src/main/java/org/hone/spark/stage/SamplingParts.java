package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.ExpectedTokens;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.session.Slots;
import org.hone.spark.table.CandidateTable;

/**
 * Sampling whose parts are kept, so that an interruption costs no more than the part that it falls into. How the prompts are cut
 * into parts depends on the cluster; what is sampled does not.
 */
final class SamplingParts {
    /** Where the parts are until the stage is done, in its folder. */
    static final String FOLDER = "parts";

    private static final String SAMPLED = "sampled-";
    private static final String SCORED = "scored-";
    private static final int PROMPTS_PER_SLOT = 128;
    /** A cluster that grows when it is asked must be asked for more than it has. */
    private static final int SLOTS_OF_A_GROWING_CLUSTER = 128;

    private final StageContext context;
    private final String stage;
    private final String policy;
    private final Fanout fanout;

    SamplingParts(StageContext context, String stage, String policy) {
        this.context = context;
        this.stage = stage;
        this.policy = policy;
        this.fanout = new Fanout(Encodings.of(context), context.progress());
    }

    /** Samples what no part has yet. */
    void sample(Dataset<Row> prompts, SampleTask.Drawing draw) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        Dataset<Row> open = without(prompts, draw.firstSample());
        for (long left = open.count(); left > 0; left = open.count()) {
            int size = size();
            int number = numbers(SAMPLED).size();
            String part = part(SAMPLED, number);
            context.folder().clear(part, List.of());
            Dataset<Row> earlier = candidates().unionByName(rounds(context.round() - 1));
            fanout.sample(
                    ExpectedTokens.of(Fanout.choose(open, size, context.recipe().seed()), earlier),
                    policy,
                    sampling.weights(),
                    draw,
                    context.inRun(stage) + (left > size || number > 0 ? ", part " + (number + 1) : ""),
                    table(part));
            context.folder().commit(part, new StageReport(Map.of()));
            open = without(prompts, draw.firstSample());
        }
    }

    /** Scores the samples from a number on, unless that is done. */
    void score(int wave, int firstSample, List<RewardModelRef> models) throws IOException {
        String part = part(SCORED, wave);
        if (context.folder().isDone(part)) {
            return;
        }
        context.folder().clear(part, List.of());
        fanout.score(
                candidates().filter(functions.col("sample").geq(firstSample)),
                models,
                context.inRun(stage) + ", score " + (wave + 1),
                CandidateTable.SCORES,
                table(part));
        context.folder().commit(part, new StageReport(Map.of()));
    }

    /** All that was sampled. */
    Dataset<Row> candidates() throws IOException {
        return read(SAMPLED, CandidateTable.CANDIDATES);
    }

    /** All that was scored. */
    Dataset<Row> scores() throws IOException {
        return read(SCORED, CandidateTable.SCORES);
    }

    private Dataset<Row> without(Dataset<Row> prompts, int firstSample) throws IOException {
        Dataset<Row> done = candidates()
                .filter(functions.col("sample").equalTo(firstSample))
                .select("prompt_id");
        return prompts.join(done, prompts.col("id").equalTo(done.col("prompt_id")), "left_anti");
    }

    private Dataset<Row> rounds(int through) {
        return through == 0
                ? context.spark().createDataFrame(List.of(), CandidateTable.CANDIDATES)
                : context.ofRound(through).readSoFar(SampleStage.CANDIDATES);
    }

    private int size() {
        int slots = Math.max(1, Slots.available(context.spark().sparkContext()));
        boolean grows = context.spark().sparkContext().getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        return PROMPTS_PER_SLOT * (grows ? Math.max(slots, SLOTS_OF_A_GROWING_CLUSTER) : slots);
    }

    private Dataset<Row> read(String kind, StructType schema) throws IOException {
        List<Integer> numbers = numbers(kind);
        return numbers.isEmpty()
                ? context.spark().createDataFrame(List.of(), schema)
                : context.spark()
                        .read()
                        .schema(schema)
                        .parquet(numbers.stream()
                                .map(number -> table(part(kind, number)))
                                .toArray(String[]::new));
    }

    /** The parts that are done. */
    private List<Integer> numbers(String kind) throws IOException {
        List<Integer> done = new ArrayList<>();
        while (context.folder().isDone(part(kind, done.size()))) {
            done.add(done.size());
        }
        return done;
    }

    private String part(String kind, int number) {
        return context.inRun(stage) + "/" + FOLDER + "/" + kind + String.format(Locale.ROOT, "%05d", number);
    }

    private String table(String part) {
        return context.folder().path(part + "/rows");
    }
}
