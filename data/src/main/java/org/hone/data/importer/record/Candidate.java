package org.hone.data.importer.record;

import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/**
 * Two responses of which the source prefers one. Every format's comparisons go through here, so that all are held to
 * the same rules: both responses have text, they differ, and no turn of the prompt is empty.
 *
 * @param prompt what was answered
 * @param chosen the preferred response
 * @param rejected the other response
 * @param rating how much better the chosen one is
 * @param safetyBin which of the two is safe
 * @param margin by how much the chosen one's reward shall be above the other's, in logits
 * @param annotator who compared; part of the id, so that two people who agree are two comparisons
 */
public record Candidate(
        Dialogue prompt,
        String chosen,
        String rejected,
        @Nullable Rating rating,
        @Nullable SafetyBin safetyBin,
        @Nullable Float margin,
        @Nullable String annotator) {
    /**
     * A comparison without a given margin.
     *
     * @param prompt what was answered
     * @param chosen the preferred response
     * @param rejected the other response
     * @param rating how much better the chosen one is
     * @param safetyBin which of the two is safe
     * @param annotator who compared
     */
    public Candidate(
            Dialogue prompt,
            String chosen,
            String rejected,
            @Nullable Rating rating,
            @Nullable SafetyBin safetyBin,
            @Nullable String annotator) {
        this(prompt, chosen, rejected, rating, safetyBin, null, annotator);
    }

    /**
     * A comparison of which the source says no more than which response is preferred.
     *
     * @param prompt what was answered
     * @param chosen the preferred response
     * @param rejected the other response
     * @param rating how much better the chosen one is
     */
    public Candidate(Dialogue prompt, String chosen, String rejected, @Nullable Rating rating) {
        this(prompt, chosen, rejected, rating, null, null);
    }

    /**
     * Checks the comparison.
     *
     * @param source the name of the data set
     * @return a preference, or why it is none
     */
    public Imported outcome(String source) {
        if (chosen.equals(rejected)) {
            return new Imported.Refused(
                    QuarantineReason.IDENTICAL_RESPONSES,
                    "both responses have the same " + chosen.length() + " characters");
        }
        if (chosen.isBlank() || rejected.isBlank()) {
            return new Imported.Refused(
                    QuarantineReason.EMPTY_RESPONSE,
                    "the " + (chosen.isBlank() ? "chosen" : "rejected") + " response is empty");
        }
        try {
            Prompts.requireText(prompt);
        } catch (Refusal refusal) {
            return refusal.refused();
        }
        return new Imported.Preference(new PreferencePair(
                PreferencePair.idOf(source, prompt, chosen, rejected, annotator),
                prompt,
                chosen,
                rejected,
                rating,
                safetyBin,
                margin,
                source,
                null,
                annotator));
    }
}
