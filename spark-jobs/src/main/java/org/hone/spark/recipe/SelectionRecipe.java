package org.hone.spark.recipe;

import org.jspecify.annotations.Nullable;

/**
 * Which candidates are fine-tuned on (recipe section 7).
 *
 * @param from whose candidates take part
 * @param perPrompt at most so many of a prompt, the best first
 * @param leastReward candidates with less are left out; null: none are
 * @param topShare share of the selected responses that stays, those with the highest rewards; 1 keeps all
 * @param nearDuplicates a response whose words are at least so alike to a better one of the same prompt is left out (Jaccard
 *     similarity of runs of three words); 1 leaves out only those that are the same
 */
public record SelectionRecipe(
        Source from, int perPrompt, @Nullable Double leastReward, double topShare, double nearDuplicates) {
    /** Whose candidates take part. */
    public enum Source {
        /** Those of this round and of all before it: selecting from the last alone lost abilities in Llama 2. */
        ALL_ROUNDS,
        /** Those of this round. */
        LAST_ROUND
    }

    static SelectionRecipe read(Section section) {
        return new SelectionRecipe(
                section.choice("from", Source.class, Source.ALL_ROUNDS),
                section.integer("per-prompt", 1, 1, 4_096),
                section.optionalNumber("least-reward", -1e9, 1e9),
                section.number("top-share", 1, 1e-6, 1),
                section.number("near-duplicates", 1, 0, 1));
    }
}
