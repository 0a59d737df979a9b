package org.hone.spark.recipe;

import java.util.Arrays;
import java.util.List;
import org.hone.data.curation.SourceRole.Axis;

/**
 * Which preferences the rounds learn from. Sources of one axis make one reward model, sources of both axes two.
 *
 * @param sources the data sets
 * @param heldOutFraction share of the conversations that nothing is trained on; the split is by first user
 *     turn, so no conversation is on both sides
 * @param helpfulnessOthers share of the helpfulness model's comparisons that is drawn from those of safety
 * @param safetyOthers share of the safety model's comparisons that is drawn from those of helpfulness
 */
public record PreferencesRecipe(
        List<SourceRecipe> sources, double heldOutFraction, double helpfulnessOthers, double safetyOthers) {
    static PreferencesRecipe read(Section section) {
        List<SourceRecipe> sources =
                section.sections("sources").stream().map(SourceRecipe::read).toList();
        if (!sources.isEmpty() && sources.stream().noneMatch(SourceRecipe::fineTuningTarget)) {
            section.refuse("sources", "no source has fine-tuning-target: true; supervised fine-tuning needs one");
        }
        if (sources.stream().map(SourceRecipe::name).distinct().count() < sources.size()) {
            section.refuse("sources", "two sources have one name; rows are told apart by it");
        }
        if (!sources.isEmpty() && sources.stream().noneMatch(source -> source.fromRound() == 1)) {
            section.refuse("sources", "no source has from-round: 1; the first round needs comparisons");
        }
        return new PreferencesRecipe(
                sources,
                section.number("held-out-fraction", 0.1, 0.001, 0.9),
                section.number("helpfulness-others", 0.5, 0, 0.999),
                section.number("safety-others", 0.1, 0, 0.999));
    }

    /**
     * What the reward models are about, each by a model of its own.
     *
     * @return the axes of the sources, helpfulness first
     */
    public List<Axis> axes() {
        return Arrays.stream(Axis.values())
                .filter(axis -> sources.stream().anyMatch(source -> source.axis() == axis))
                .toList();
    }

    /**
     * The share of a reward model's comparisons that comes from the other axis.
     *
     * @param axis the model's own
     * @return from 0 to below 1
     */
    public double others(Axis axis) {
        return axis == Axis.HELPFULNESS ? helpfulnessOthers : safetyOthers;
    }

    /**
     * The sources that a round is the first to learn from.
     *
     * @param round its number, from 1
     * @return the sources, in the recipe's order
     */
    public List<SourceRecipe> newIn(int round) {
        return sources.stream().filter(source -> source.fromRound() == round).toList();
    }
}
