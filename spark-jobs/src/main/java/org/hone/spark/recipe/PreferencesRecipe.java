package org.hone.spark.recipe;

import java.util.List;

/**
 * Which preferences a round learns from.
 *
 * @param sources the data sets
 * @param heldOutFraction share of the conversations that nothing is trained on; the split is by first user
 *     turn, so no conversation is on both sides
 */
public record PreferencesRecipe(List<SourceRecipe> sources, double heldOutFraction) {
    static PreferencesRecipe read(Section section) {
        List<SourceRecipe> sources =
                section.sections("sources").stream().map(SourceRecipe::read).toList();
        if (!sources.isEmpty() && sources.stream().noneMatch(SourceRecipe::fineTuningTarget)) {
            section.refuse("sources", "no source has fine-tuning-target: true; supervised fine-tuning needs one");
        }
        if (sources.stream().map(SourceRecipe::name).distinct().count() < sources.size()) {
            section.refuse("sources", "two sources have one name; rows are told apart by it");
        }
        return new PreferencesRecipe(sources, section.number("held-out-fraction", 0.1, 0.001, 0.9));
    }
}
