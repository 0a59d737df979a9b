package org.hone.spark.sampling;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.session.Progress;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.Slots;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;

/**
 * Samples and scores over the whole cluster.
 *
 * @param encoding the run's encoding
 * @param progress where the work shows
 */
public record Fanout(Encoding encoding, Progress progress) {
    /** Column of prompts: how many tokens a response is expected to have; without it, as many as it may. */
    public static final String EXPECTED_TOKENS = "expected_tokens";

    /**
     * Draws prompts in an order that depends on the seed and their ids alone.
     *
     * @param prompts the prompts
     * @param count how many are wanted
     * @param seed decides which
     * @return at most {@code count} of them
     */
    public static Dataset<Row> choose(Dataset<Row> prompts, int count, long seed) {
        return prompts.orderBy(Columns.shuffled(seed, "id"), functions.col("id"))
                .limit(count);
    }

    /**
     * Samples K candidates a prompt.
     *
     * @param prompts the prompts
     * @param policy Hugging Face folder of the policy, as a Hadoop path
     * @param weights what its matrices are kept as
     * @param draw how many are drawn and how
     * @param name what the progress line calls it
     * @param output where the candidates go, as Parquet
     * @throws IOException if the policy cannot be read
     */
    public void sample(
            Dataset<Row> prompts,
            String policy,
            SamplingWeights weights,
            SampleTask.Drawing draw,
            String name,
            String output)
            throws IOException {
        long count = prompts.count();
        ProgressAccumulator counter = progress.begin(name, count, "prompts");
        Column response = List.of(prompts.columns()).contains(EXPECTED_TOKENS)
                ? functions.col(EXPECTED_TOKENS)
                : functions.lit(draw.maxNewTokens());
        int responses = draw.samples() * draw.temperatures().size();
        Column tokens = functions.size(functions.col("tokens")).plus(response.multiply(responses));
        int slots = Slots.reachable(prompts.sparkSession().sparkContext());
        Balance.spread(prompts, "id", tokens, Balance.samplingTasks(count, responses, slots))
                // what takes longest begins first
                .sortWithinPartitions(tokens.desc(), functions.col("id"))
                .mapPartitions(
                        new SampleTask(policy, policyHash(policy, weights), weights, encoding, draw, counter),
                        Encoders.row(CandidateTable.CANDIDATES))
                .sortWithinPartitions("prompt_id", "temperature", "sample")
                .write()
                .parquet(output);
        progress.end();
    }

    /**
     * Scores candidates.
     *
     * @param candidates the candidates
     * @param models the reward models, at most one an axis
     * @param progress where the work shows
     * @param name what the progress line calls it
     * @param columns what is written: {@link CandidateTable#SCORED} or {@link CandidateTable#SCORES}
     * @param output where it goes, as Parquet
     */
    public static void score(
            Dataset<Row> candidates,
            List<RewardModelRef> models,
            Progress progress,
            String name,
            StructType columns,
            String output) {
        Row counts = candidates
                .agg(functions.count("*"), functions.countDistinct("prompt_id"))
                .first();
        ProgressAccumulator counter = progress.begin(name, counts.getLong(0), "candidates");
        Column tokens = functions.size(functions.col("prompt_tokens")).plus(functions.size(functions.col("tokens")));
        Balance.spread(candidates, "prompt_id", tokens, Balance.scoringTasks(counts.getLong(1)))
                .sortWithinPartitions("prompt_id", "round", "temperature", "sample", "id")
                .mapPartitions(new ScoreTask(models, counter), Encoders.row(CandidateTable.SCORED))
                .select(Columns.of(columns))
                .write()
                .parquet(output);
        progress.end();
    }

    /**
     * What the candidates of a policy know it by. Rounded weights are another policy.
     *
     * @param policy its Hugging Face folder, as a Hadoop path
     * @param weights what its matrices are kept as
     * @return the hash of its content
     * @throws IOException if it cannot be read
     */
    public String policyHash(String policy, SamplingWeights weights) throws IOException {
        return weights == SamplingWeights.FLOAT32 ? hash(policy) : hash(policy) + ":" + weights.name();
    }

    private String hash(String folder) throws IOException {
        return FolderChecksum.sha256(LocalCopies.of(folder, encoding.hadoop().value()));
    }
}
