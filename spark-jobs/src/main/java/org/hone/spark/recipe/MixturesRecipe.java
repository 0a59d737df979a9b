package org.hone.spark.recipe;

import org.hone.data.curation.Proportion;

/**
 * The mixtures that the two reward models learn from (recipe section 6).
 *
 * @param enabled whether they are made; else each holds all training comparisons of its axis
 * @param helpfulnessOthers share of the helpfulness mixture that is drawn from safety data and open-source sets
 * @param safetyOthers share of the safety mixture that is drawn from helpfulness data and open-source helpfulness
 * @param shortage what happens when there is too little to draw from
 */
public record MixturesRecipe(
        boolean enabled, double helpfulnessOthers, double safetyOthers, Proportion.Shortage shortage) {
    static MixturesRecipe read(Section section) {
        return new MixturesRecipe(
                section.flag("enabled", true),
                section.number("helpfulness-others", 0.5, 0.001, 0.999),
                section.number("safety-others", 0.1, 0.001, 0.999),
                section.choice("shortage", Proportion.Shortage.class, Proportion.Shortage.SHRINK));
    }
}
