package org.hone.spark.sampling;

import java.io.IOException;
import java.util.Arrays;
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
    /** Small enough that a lost task costs little and the last one does not keep the cluster waiting. */
    private static final int PROMPTS_PER_TASK = 16;

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
        spread(prompts, "id", count)
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
     * @param name what the progress line calls it
     * @param columns what is written: {@link CandidateTable#SCORED} or {@link CandidateTable#SCORES}
     * @param output where it goes, as Parquet
     */
    public void score(
            Dataset<Row> candidates, List<RewardModelRef> models, String name, StructType columns, String output) {
        long count = candidates.count();
        long prompts = candidates.select("prompt_id").distinct().count();
        ProgressAccumulator counter = progress.begin(name, count, "candidates");
        spread(candidates, "prompt_id", prompts)
                .sortWithinPartitions("prompt_id", "round", "temperature", "sample", "id")
                .mapPartitions(new ScoreTask(models, encoding, counter), Encoders.row(CandidateTable.SCORED))
                .select(Arrays.stream(columns.fieldNames()).map(functions::col).toArray(Column[]::new))
                .write()
                .parquet(output);
        progress.end();
    }

    private static Dataset<Row> spread(Dataset<Row> rows, String by, long prompts) {
        int tasks = (int) Math.max(1, Math.min(100_000, (prompts + PROMPTS_PER_TASK - 1) / PROMPTS_PER_TASK));
        return rows.repartition(tasks, functions.col(by));
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
