package org.hone.spark.recipe;

import java.util.List;
import org.hone.data.curation.LanguageRule;
import org.hone.data.curation.RowRules;
import org.hone.data.curation.TextLimits;
import org.jspecify.annotations.Nullable;

/**
 * What is removed before anything is trained, in the order of {@link org.hone.data.curation.RemovalRule}.
 *
 * @param rows rules that need no other row
 * @param excludedSites file of hosts, one a line, that no document may be from; null if there is none
 * @param exactDuplicates whether of rows that read the same one is kept
 * @param contradictions whether comparisons that contradict each other are removed
 * @param nearDuplicates near-duplicates
 * @param decontamination overlap with evaluation sets
 * @param heldOut what nothing is trained on
 * @param mixtures what the reward models learn from
 */
public record CurationRecipe(
        RowRules rows,
        @Nullable String excludedSites,
        boolean exactDuplicates,
        boolean contradictions,
        NearDuplicatesRecipe nearDuplicates,
        DecontaminationRecipe decontamination,
        HeldOutRecipe heldOut,
        MixturesRecipe mixtures) {
    static CurationRecipe read(Section section) {
        return new CurationRecipe(
                rows(section),
                section.optionalPath("excluded-sites"),
                section.flag("exact-duplicates", true),
                section.flag("contradictions", false),
                NearDuplicatesRecipe.read(section.section("near-duplicates")),
                DecontaminationRecipe.read(section.section("decontamination")),
                HeldOutRecipe.read(section.section("held-out")),
                MixturesRecipe.read(section.section("mixtures")));
    }

    private static RowRules rows(Section section) {
        return new RowRules(
                section.flag("unsafe-chosen", true),
                section.flag("identical-responses", true),
                section.flag("empty-text", true),
                new TextLimits(
                        range(section.section("prompt-characters")),
                        range(section.section("response-characters")),
                        range(section.section("document-characters")),
                        section.integer("most-turns", Integer.MAX_VALUE, 1, Integer.MAX_VALUE)),
                languages(section));
    }

    private static TextLimits.Range range(Section section) {
        int least = section.integer("least", 0, 0, Integer.MAX_VALUE);
        int most = section.integer("most", Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
        if (most < least) {
            section.refuse("most", "got " + most + ", less than least " + least);
        }
        return new TextLimits.Range(least, most);
    }

    private static LanguageRule languages(Section section) {
        List<String> allowed = section.texts("languages");
        int leastLetters = section.integer("language-least-letters", 80, 0, 1_000_000);
        try {
            return new LanguageRule(allowed, leastLetters);
        } catch (IllegalArgumentException e) {
            section.refuse("languages", String.valueOf(e.getMessage()));
            return LanguageRule.ANY;
        }
    }
}
