package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rejection-sampling round (recipe sections 4 to 7), from raw preferences to the next policy:
 *
 * <pre>
 * import → tokenise → sft → reward-model → evaluate-reward-model
 *                      └─→ sample K → score → select → fine-tune → evaluate-policy
 * </pre>
 *
 * A stage that is done is skipped, so the same command goes on where an interrupted one stopped.
 */
public final class Round {
    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    /** The stages, in order. */
    public static final List<Stage> STAGES = List.of(
            new ImportStage(),
            new TokeniseStage(),
            new SftStage(),
            new RewardModelStage(),
            new EvaluateRewardModelStage(),
            new SampleStage(),
            new ScoreStage(),
            new SelectStage(),
            new FineTuneStage(),
            new EvaluatePolicyStage());

    private Round() {}

    /**
     * Runs stages that are not done yet.
     *
     * @param context Spark, the recipe and the run's folder
     * @param stages the stages, in order
     * @return every stage's report, by name, in order
     * @throws IOException if something cannot be read or written
     */
    public static Map<String, StageReport> run(StageContext context, List<Stage> stages) throws IOException {
        Map<String, StageReport> reports = new LinkedHashMap<>();
        for (Stage stage : stages) {
            reports.put(stage.name(), runOnce(context, stage));
        }
        return reports;
    }

    private static StageReport runOnce(StageContext context, Stage stage) throws IOException {
        RunFolder folder = context.folder();
        if (folder.isDone(stage.name())) {
            LOG.info("{}: done already", stage.name());
            return folder.report(stage.name());
        }
        LOG.info("{}: started", stage.name());
        long started = System.nanoTime();
        context.spark().sparkContext().setJobDescription(stage.name());
        folder.clear(stage.name(), Training.kept(stage.checkpoints()));
        Map<String, Object> figures = new LinkedHashMap<>(stage.run(context).figures());
        figures.put("seconds", Math.round((System.nanoTime() - started) / 1e8) / 10.0);
        folder.commit(stage.name(), new StageReport(figures));
        for (String checkpoints : stage.checkpoints()) {
            folder.storage().delete(folder.path(stage.name() + "/" + checkpoints));
        }
        context.spark().sparkContext().setJobDescription(null);
        LOG.info("{}: done in {} s", stage.name(), figures.get("seconds"));
        return folder.report(stage.name());
    }
}
