package org.hone.data.tokenizer.train;

import java.util.Map;
import java.util.TreeMap;

/**
 * All that training needs to know of a corpus.
 *
 * @param words how often each word of {@link WordSplitter#words} occurs, all above 0; rare ones may be left out
 * @param characters how often each character (code point) occurs, in the words that were left out too
 */
public record CorpusCounts(Map<String, Long> words, Map<Integer, Long> characters) {
    /**
     * Checks the counts.
     *
     * @param words word counts
     * @param characters character counts
     * @throws IllegalArgumentException when a count is not positive
     */
    public CorpusCounts {
        words.forEach((word, count) -> {
            if (count <= 0) {
                throw new IllegalArgumentException("the word '" + word + "' has count " + count + ": must be above 0");
            }
        });
    }

    /**
     * The counts of a corpus of which every word is known.
     *
     * @param words how often each word occurs
     * @return them, with the characters counted
     */
    public static CorpusCounts of(Map<String, Long> words) {
        Map<Integer, Long> characters = new TreeMap<>();
        words.forEach(
                (word, count) -> word.codePoints().forEach(point -> characters.merge(point, count, Math::addExact)));
        return new CorpusCounts(words, characters);
    }
}
