package org.hone.data.curation;

/**
 * The n-grams of words that tell whether a text is known from an evaluation. A text of fewer than n words is compared
 * whole: it matches only a text of exactly these words. One of very few words, such as "yes, please", is not compared.
 */
public final class NGrams {
    private static final long BASE = 0xA0761D6478BD642FL;

    private final int length;
    private final int shortest;
    private final long highest;
    private final WordHashes words = new WordHashes();

    /** Gets the n-grams of a text. */
    public interface Visitor {
        /**
         * Gets an n-gram.
         *
         * @param hash its hash
         * @param last the place of its last word, for {@link #text}
         */
        void visit(long hash, int last);
    }

    /**
     * n-grams of one length.
     *
     * @param length n, in words
     * @param shortest fewest words of a text that is compared whole
     */
    public NGrams(int length, int shortest) {
        if (length < 1 || shortest < 1) {
            throw new IllegalArgumentException(
                    "n-grams of " + length + " words, whole texts from " + shortest + ": expected at least 1 each");
        }
        this.length = length;
        this.shortest = shortest;
        long power = 1;
        for (int i = 1; i < length; i++) {
            power *= BASE;
        }
        this.highest = power;
    }

    /**
     * Visits the hashes of a text's n-grams from left to right.
     *
     * @param text the text
     * @param visitor gets every hash
     */
    public void each(String text, Visitor visitor) {
        words.read(text);
        long run = 0;
        for (int i = 0; i < words.size(); i++) {
            run = (i < length ? run : run - words.at(i - length) * highest) * BASE + words.at(i);
            if (i >= length - 1) {
                visitor.visit(Mixing.finalise(run), i);
            }
        }
        if (words.size() >= shortest && words.size() < length) {
            visitor.visit(Mixing.finalise(run + words.size() * Mixing.GOLDEN), words.size() - 1);
        }
    }

    /**
     * The words of an n-gram of the text that is being visited.
     *
     * @param last the place of its last word
     * @return the words, normalised, with what stands between them
     */
    public String text(int last) {
        return words.text(Math.max(0, last - length + 1), last);
    }
}
