package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.training.TrainingJob;

/**
 * One rejection-sampling round (recipe sections 4 to 7 and 10), from raw preferences to the next policy:
 *
 * <pre>
 * import → tokenise → sft → reward-model-… → evaluate-reward-model-…
 *                      └─→ temperature → sample K → score → select → fine-tune → evaluate-policy
 *                               ↑___________ as many passes as wanted _________│
 * </pre>
 *
 * Supervised fine-tuning belongs to the first round. A stage that is done is skipped, so the same command goes on where an
 * interrupted one stopped.
 */
public final class Round {
    private Round() {}

    /**
     * The stages of a round.
     *
     * @param recipe the recipe
     * @param round the round's number, from 1
     * @return the stages, in order
     */
    public static List<Stage> stages(Recipe recipe, int round) {
        List<Stage> stages = new ArrayList<>(List.of(new ImportStage(), new TokeniseStage()));
        if (round == 1) {
            stages.add(new SftStage());
        }
        for (Axis axis : recipe.preferences().axes()) {
            stages.add(new RewardModelStage(axis));
            stages.add(new EvaluateRewardModelStage(axis));
        }
        List<Stage> improving = new ArrayList<>();
        if (recipe.rejectionSampling().temperatureSearch().isWanted()) {
            improving.add(new TemperatureStage());
        }
        improving.addAll(List.of(new SampleStage(), new ScoreStage(), new SelectStage(), new FineTuneStage()));
        stages.addAll(Pass.of(recipe.rejectionSampling().passes(), improving));
        stages.add(new EvaluatePolicyStage());
        return stages;
    }

    /**
     * Runs a run's rounds in sequence, each as far as it is not done yet.
     *
     * @param context Spark, the recipe and the run's folder
     * @param through the last round's number
     * @return every stage's report, by its name in the run, in order
     * @throws IOException if something cannot be read or written
     */
    public static Map<String, StageReport> runThrough(StageContext context, int through) throws IOException {
        Map<String, StageReport> reports = new LinkedHashMap<>();
        for (int round = 1; round <= through; round++) {
            reports.putAll(run(context.ofRound(round), stages(context.recipe(), round)));
        }
        return reports;
    }

    /**
     * Runs stages that are not done yet.
     *
     * @param context Spark, the recipe, the run's folder and the round
     * @param stages the stages, in order
     * @return every stage's report, by its name in the run, in order
     * @throws IOException if something cannot be read or written
     */
    public static Map<String, StageReport> run(StageContext context, List<Stage> stages) throws IOException {
        Map<String, StageReport> reports = new LinkedHashMap<>();
        for (Stage stage : stages) {
            String name = context.inRun(stage.name());
            reports.put(
                    name,
                    RunOnce.of(
                            context.spark(),
                            context.folder(),
                            name,
                            stage.checkpoints(),
                            TrainingJob.LOGS,
                            () -> stage.run(context)));
        }
        return reports;
    }
}
