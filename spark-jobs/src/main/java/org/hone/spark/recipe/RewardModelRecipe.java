package org.hone.spark.recipe;

import org.hone.data.preference.Margin;

/**
 * The reward model (recipe section 6).
 *
 * @param margin m(r) of the ranking loss
 * @param startFrom whose weights it starts from
 * @param ranking what it learns beside which response is better
 * @param optimization its optimiser
 */
public record RewardModelRecipe(
        Margin margin, StartFrom startFrom, RankingRecipe ranking, OptimizationRecipe optimization) {
    static RewardModelRecipe read(Section section) {
        return new RewardModelRecipe(
                section.choice("margin", Margin.class, Margin.SMALL),
                section.choice("start-from", StartFrom.class, StartFrom.SFT_POLICY),
                RankingRecipe.read(section),
                OptimizationRecipe.read(section, OptimizationRecipe.Defaults.REWARD_MODEL));
    }
}
