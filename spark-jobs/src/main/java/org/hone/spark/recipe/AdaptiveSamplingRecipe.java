package org.hone.spark.recipe;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Fewer samples where more of them would bring little: a prompt is sampled wave by wave, and no further once its next sample is
 * expected to add less to its best reward than the recipe asks for.
 *
 * @param leastGain reward that a prompt's next sample must be expected to add; null: every prompt gets K
 * @param firstSamples samples of a prompt's first wave
 */
public record AdaptiveSamplingRecipe(@Nullable Double leastGain, int firstSamples) implements Serializable {
    static AdaptiveSamplingRecipe read(Section section) {
        return new AdaptiveSamplingRecipe(
                section.optionalNumber("least-gain", 0, 1e9), section.integer("first-samples", 4, 2, 4_096));
    }
}
