package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.spark.run.StageReport;
import org.hone.spark.training.TrainingJob;

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
            reports.put(
                    stage.name(),
                    RunOnce.of(
                            context.spark(),
                            context.folder(),
                            stage.name(),
                            stage.checkpoints(),
                            TrainingJob.LOGS,
                            () -> stage.run(context)));
        }
        return reports;
    }
}
