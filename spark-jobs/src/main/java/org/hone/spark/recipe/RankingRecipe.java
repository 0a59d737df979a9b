package org.hone.spark.recipe;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a reward model learns beside which response is better (recipe section 6); 0 and false leave it out.
 *
 * @param centering coefficient of the squared sum of a pair's rewards, a mean over the pairs (arXiv 2312.09244)
 * @param safetyLoss coefficient of the auxiliary loss, a mean over the responses that are labelled safe or unsafe
 * @param prefixRanking coefficient of the ranking of what the responses begin with, a mean over the pairs
 * @param normalise whether the mean and the deviation of rewards are stored with the model, and scores stand in them
 * @param headSeed seed of a new random head; null: it follows from the run's. Models that are to be averaged begin with one head
 * @param zeroHead whether the new head starts at zero; an earlier reward model's own goes on if neither is asked for
 */
public record RankingRecipe(
        double centering,
        double safetyLoss,
        double prefixRanking,
        boolean normalise,
        @Nullable Integer headSeed,
        boolean zeroHead)
        implements Serializable {
    /** The ranking loss alone. */
    public static final RankingRecipe NONE = new RankingRecipe(0, 0, 0, false, null, false);

    /**
     * The same for a model that judges helpfulness, beside one that judges safety.
     *
     * @return without the auxiliary safety loss
     */
    public RankingRecipe withoutSafetyLoss() {
        return new RankingRecipe(centering, 0, prefixRanking, normalise, headSeed, zeroHead);
    }

    static RankingRecipe read(Section section) {
        RankingRecipe recipe = new RankingRecipe(
                section.number("centering", 0, 0, 1_000),
                section.number("safety-loss", 0, 0, 1_000),
                section.number("prefix-ranking", 0, 0, 1_000),
                section.flag("normalise", false),
                section.optionalInteger("head-seed", 0, Integer.MAX_VALUE),
                section.flag("zero-head", false));
        if (recipe.zeroHead && recipe.headSeed != null) {
            section.refuse(
                    "head-seed", "got " + recipe.headSeed + ", and zero-head leaves nothing to draw; give one of them");
        }
        return recipe;
    }
}
