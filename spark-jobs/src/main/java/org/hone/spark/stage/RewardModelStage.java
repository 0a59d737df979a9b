package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.RewardModelRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.table.Table;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.training.TrainingJob;

/**
 * A reward model, trained with the margin ranking loss (recipe section 6) on the comparisons of all rounds so far.
 *
 * @param axis what it judges
 */
public record RewardModelStage(Axis axis) implements Stage {
    private static final String PREFIX = "reward-model-";

    /**
     * The reward models of a round.
     *
     * @param context the round
     * @return the models of the axes that the recipe has comparisons of, helpfulness first
     * @throws IOException if a model cannot be read
     */
    public static List<RewardModelRef> models(StageContext context) throws IOException {
        List<RewardModelRef> models = new ArrayList<>();
        boolean normalised = context.recipe().rewardModel().ranking().normalise();
        Encoding encoding = Encodings.of(context);
        for (Axis axis : context.recipe().preferences().axes()) {
            models.add(RewardModelRef.of(axis, folder(context, axis), normalised, encoding));
        }
        return models;
    }

    static String folder(StageContext context, Axis axis) {
        return context.ofWholeRound().path(PREFIX + Axes.name(axis) + "/" + Training.MODEL);
    }

    @Override
    public String name() {
        return PREFIX + Axes.name(axis);
    }

    @Override
    public List<String> checkpoints() {
        return List.of(Training.CHECKPOINTS);
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        RewardModelRecipe recipe = context.recipe().rewardModel();
        Table pairs = TokeniseStage.pairs(axis);
        RankingRecipe ranking =
                axis == Axis.SAFETY || context.recipe().preferences().axes().size() == 1
                        ? recipe.ranking()
                        : recipe.ranking().withoutSafetyLoss();
        if (ranking.safetyLoss() > 0 && !SafetyLabels.in(context.read(pairs))) {
            throw new IllegalArgumentException("reward-model.safety-loss: " + ranking.safetyLoss()
                    + ", but no comparison of the preferences says which response is safe; set it to 0, or give"
                    + " comparisons that have safety bins");
        }
        return Training.run(
                context,
                name(),
                new Training.Goal(TrainingJob.Objective.RANKING, ranking),
                Training.startFrom(context, recipe.startFrom()),
                pairs,
                recipe.optimization());
    }
}
