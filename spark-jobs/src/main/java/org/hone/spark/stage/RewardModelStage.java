package org.hone.spark.stage;

import java.io.IOException;
import java.util.List;
import org.hone.spark.run.StageReport;
import org.hone.spark.training.TrainingJob;

/** The reward model, trained with the margin ranking loss (recipe section 6). */
public final class RewardModelStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "reward-model";
    /** The reward model's Hugging Face folder. */
    public static final String REWARD_MODEL = NAME + "/model";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> checkpoints() {
        return List.of(Training.CHECKPOINTS);
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        double safetyLoss = context.recipe().rewardModel().ranking().safetyLoss();
        if (safetyLoss > 0 && !SafetyLabels.in(context.read(TokeniseStage.PAIRS))) {
            throw new IllegalArgumentException("reward-model.safety-loss: " + safetyLoss
                    + ", but no comparison of the preferences says which response is safe; set it to 0, or give"
                    + " comparisons that have safety bins");
        }
        return Training.run(
                context,
                NAME,
                TrainingJob.Objective.RANKING,
                Training.startFrom(context, context.recipe().rewardModel().startFrom()),
                TokeniseStage.PAIRS,
                context.recipe().rewardModel().optimization());
    }
}
