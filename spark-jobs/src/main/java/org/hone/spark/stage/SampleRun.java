package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.session.Progress;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;
import org.hone.spark.table.TableSource;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.EncodedPrompts;
import org.hone.spark.tokenise.Encoding;

/**
 * Sampling by itself: a table of prompts and a policy in, candidates out.
 *
 * @param prompts the prompts; one that stands there several times is answered once
 * @param policy Hugging Face folder of the policy, as a Hadoop path
 * @param weights what its matrices are kept as
 * @param encoding how it reads dialogues
 * @param drawing how many are drawn and how
 */
public record SampleRun(
        TableSource prompts, String policy, SamplingWeights weights, Encoding encoding, SampleTask.Drawing drawing) {
    private static final String STAGE = "sample";
    private static final Table CANDIDATES = new Table(STAGE + "/candidates", CandidateTable.CANDIDATES);

    /**
     * What the candidates follow from.
     *
     * @return the prompts by their table's state, the policy by its content, and how they are drawn
     * @throws IOException if the policy cannot be read
     */
    public ResolvedRecipe<SampleRun> resolved() throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("prompts", Map.of("table", prompts.folder(), "state", prompts.state()));
        String sha256 =
                FolderChecksum.sha256(LocalCopies.of(policy, encoding.hadoop().value()));
        values.put("policy", Map.of("folder", policy, "sha256", sha256, "weights", weights.name()));
        values.put("tokenizer", encoding.tokenizer());
        values.put("template", encoding.template());
        values.put("max-length", encoding.maxLength());
        values.put("seed", drawing.seed());
        values.put("round", drawing.round());
        values.put("samples", drawing.samples());
        values.put("temperatures", drawing.temperatures());
        values.put("top-p", drawing.topP());
        values.put("top-k", drawing.topK());
        values.put("repetition-penalty", drawing.repetitionPenalty());
        values.put("max-new-tokens", drawing.maxNewTokens());
        values.put("stop", drawing.stop());
        return new ResolvedRecipe<>(this, values);
    }

    /**
     * Samples, goes on sampling, or finds that it is done.
     *
     * @param spark the session
     * @param folder the run's folder
     * @param progress where the work shows
     * @return how many prompts, candidates and tokens
     * @throws IOException if something cannot be read or written
     */
    public StageReport run(SparkSession spark, RunFolder folder, Progress progress) throws IOException {
        return RunOnce.of(spark, folder, STAGE, List.of(SamplingParts.FOLDER), List.of(), () -> {
            Dataset<Row> encoded = prompts.read(spark, DataTables.ANY_PROMPTS)
                    .mapPartitions(
                            new EncodedPrompts(encoding, drawing.maxNewTokens()), Encoders.row(TokenTables.PROMPTS))
                    // of one prompt all rows are equal, but for whether it is known to be unsafe
                    .groupBy("id")
                    .agg(
                            functions.first("prompt").as("prompt"),
                            functions.first("tokens").as("tokens"),
                            functions.max("is_safety").as("is_safety"),
                            functions.first("held_out").as("held_out"))
                    .persist(StorageLevel.DISK_ONLY());
            if (encoded.isEmpty()) {
                throw new IllegalArgumentException(prompts.folder() + ": holds no prompts");
            }
            SamplingParts parts = new SamplingParts(spark, folder, STAGE, new Fanout(encoding, progress));
            parts.sample(encoded, new SamplingParts.Sampled(policy, weights), drawing, null);
            StageReport report = new StageReport(parts.join(
                    spark.createDataFrame(List.of(), CandidateTable.CANDIDATES), folder.path(CANDIDATES.name())));
            encoded.unpersist();
            return report;
        });
    }
}
