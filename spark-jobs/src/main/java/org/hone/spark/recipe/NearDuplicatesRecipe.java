package org.hone.spark.recipe;

import java.io.Serializable;
import org.hone.data.curation.Banding;

/**
 * Removal of near-duplicates with MinHash LSH. Rows are compared as sets of shingles of words: dialogues (prompt and
 * responses) and documents, then, if wished, prompts alone. Dialogues are compared by parts: the prompts must be similar
 * enough, and the chosen responses, and the rejected ones, each for itself, so that comparisons of several responses to
 * one prompt stay. Rows whose similarity reaches the threshold are linked, and of all rows that are linked, directly or
 * through others, one is kept.
 *
 * @param dialogues whether whole rows of preferences and demonstrations, prompts and documents are compared
 * @param prompts whether rows are also compared by their prompt alone, so that one row a prompt is left
 * @param similarity least Jaccard similarity of two near-duplicates, in every part
 * @param shingleWords words in a shingle
 * @param hashes most min-hashes a row; bands follow from it, the similarity and the recall
 * @param recall probability of finding a pair of exactly that similarity
 * @param window how many rows after it in its bucket a row is compared with; bounds the work in buckets of boilerplate
 */
public record NearDuplicatesRecipe(
        boolean dialogues, boolean prompts, double similarity, int shingleWords, int hashes, double recall, int window)
        implements Serializable {
    static NearDuplicatesRecipe read(Section section) {
        double similarity = section.number("similarity", 0.8, 0.3, 1);
        int hashes = section.integer("hashes", 128, 16, 4_096);
        double recall = section.number("recall", 0.99, 0.5, 0.999_999);
        try {
            Banding.of(similarity, recall, hashes);
        } catch (IllegalArgumentException e) {
            section.refuse("hashes", String.valueOf(e.getMessage()));
        }
        return new NearDuplicatesRecipe(
                section.flag("dialogues", true),
                section.flag("prompts", false),
                similarity,
                section.integer("shingle-words", 3, 1, 100),
                hashes,
                recall,
                section.integer("window", 32, 1, 100_000));
    }

    /**
     * How the min-hashes are cut into bands.
     *
     * @return the banding
     */
    public Banding banding() {
        return Banding.of(similarity, recall, hashes);
    }
}
