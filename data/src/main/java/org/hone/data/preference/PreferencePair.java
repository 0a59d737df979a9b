package org.hone.data.preference;

import org.hone.data.dialogue.ContentHash;
import org.hone.data.dialogue.Dialogue;
import org.jspecify.annotations.Nullable;

/**
 * One human comparison. What the source does not say is null, never invented.
 *
 * @param id content hash of source, prompt, both responses and annotator: the same row has the same id in every run
 * @param prompt the dialogue up to the user's turn that was answered
 * @param chosen the preferred response
 * @param rejected the other response
 * @param rating how much better the chosen one is
 * @param safetyBin which of the two is safe
 * @param margin by how much the chosen one's reward shall be above the other's, in logits, where the source gives a number
 * @param source the name of the data set
 * @param week the weekly batch that it was collected in, from 1
 * @param annotator who compared
 */
public record PreferencePair(
        String id,
        Dialogue prompt,
        String chosen,
        String rejected,
        @Nullable Rating rating,
        @Nullable SafetyBin safetyBin,
        @Nullable Float margin,
        String source,
        @Nullable Integer week,
        @Nullable String annotator) {
    /**
     * The id of a comparison by nobody in particular.
     *
     * @param source the name of the data set
     * @param prompt the dialogue
     * @param chosen the preferred response
     * @param rejected the other response
     * @return 32 hexadecimal digits
     */
    public static String idOf(String source, Dialogue prompt, String chosen, String rejected) {
        return idOf(source, prompt, chosen, rejected, null);
    }

    /**
     * The id of a comparison: the first 128 bits of a SHA-256 over its length-prefixed fields, in hexadecimal. The
     * annotator is the last field where the source names one: two people who agree made two comparisons, and the same
     * person's row twice is one.
     *
     * @param source the name of the data set
     * @param prompt the dialogue
     * @param chosen the preferred response
     * @param rejected the other response
     * @param annotator who compared, null if the source does not say
     * @return 32 hexadecimal digits
     */
    public static String idOf(
            String source, Dialogue prompt, String chosen, String rejected, @Nullable String annotator) {
        ContentHash hash =
                ContentHash.start().add(source).add(prompt).add(chosen).add(rejected);
        return (annotator == null ? hash : hash.add(annotator)).hex();
    }
}
