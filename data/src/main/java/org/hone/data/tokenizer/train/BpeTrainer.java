package org.hone.data.tokenizer.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trains a byte-pair vocabulary as Llama's: SentencePiece BPE with byte fallback, no normalisation, digits alone.
 *
 * <p>Training needs only how often each word occurs, so the words of a large corpus can be counted anywhere: by
 * {@link #countWords} here, or by splitting each text with {@link #words} and adding up in a distributed job. The same counts give the
 * same vocabulary, in whatever order they come.
 *
 * <p>Each step merges the text that most neighbouring pairs form. Ties go to the shorter text, then to the smaller by UTF-16 code
 * units. SentencePiece's own trainer counts a text that two different pairs form once a pair, and here it is counted once: so does
 * its encoder see it.
 */
public final class BpeTrainer {
    private BpeTrainer() {}

    /**
     * The words of a text as the trainer counts them.
     *
     * @param text any text; each of its lines stands for itself
     * @return the words, blanks written as U+2581 at their front; joined they give the escaped lines
     */
    public static List<String> words(String text) {
        return new WordSplitter(List.of()).words(text);
    }

    /**
     * Counts the words of some texts.
     *
     * @param texts any texts
     * @return how often each word occurs
     */
    public static Map<String, Long> countWords(Iterable<String> texts) {
        Map<String, Long> counts = new TreeMap<>();
        for (String text : texts) {
            for (String word : words(text)) {
                counts.merge(word, 1L, Long::sum);
            }
        }
        return counts;
    }

    /**
     * Trains a vocabulary.
     *
     * @param wordCounts how often each word of {@link #words} occurs, all above 0
     * @param options size and limits
     * @return the vocabulary, of exactly the size asked for
     * @throws IllegalArgumentException when a count is not positive, or the size cannot be had from these words: too small for their
     *     characters, or larger than all that can be merged
     */
    public static BpeVocabulary train(Map<String, Long> wordCounts, BpeOptions options) {
        return train(CorpusCounts.of(wordCounts), options);
    }

    /**
     * Trains a vocabulary from counts that were made elsewhere, with a {@link WordSplitter} of the same user-defined pieces.
     *
     * @param counts words and characters
     * @param options size and limits
     * @return the vocabulary, of exactly the size asked for
     * @throws IllegalArgumentException when the size cannot be had from these words
     */
    public static BpeVocabulary train(CorpusCounts counts, BpeOptions options) {
        CharacterSet characters = CharacterSet.of(counts.characters(), options.characterCoverage());
        int merges = options.vocabularySize()
                - options.givenPieces()
                - characters.byFrequency().size();
        if (merges < 0) {
            throw new IllegalArgumentException("vocabulary size " + options.vocabularySize()
                    + ": 3 control pieces, 256 bytes"
                    + (options.userDefined().isEmpty()
                            ? ""
                            : ", " + options.userDefined().size() + " user-defined pieces")
                    + " and "
                    + characters.byFrequency().size() + " characters need " + (options.vocabularySize() - merges)
                    + "; ask for more pieces or lower the character coverage");
        }
        List<String> merged = Merges.of(counts.words(), characters, merges, options.longestPiece());
        if (merged.size() < merges) {
            int possible = options.vocabularySize() - merges + merged.size();
            throw new IllegalArgumentException("vocabulary size " + options.vocabularySize() + ": this text yields "
                    + possible + " pieces at most; ask for " + possible + " or fewer, or give more text");
        }
        return new BpeVocabulary(pieces(merged, characters, options), options);
    }

    private static List<Piece> pieces(List<String> merged, CharacterSet characters, BpeOptions options) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece("<unk>", 0, Piece.Kind.UNKNOWN));
        pieces.add(new Piece("<s>", 0, Piece.Kind.CONTROL));
        pieces.add(new Piece("</s>", 0, Piece.Kind.CONTROL));
        options.userDefined().forEach(text -> pieces.add(new Piece(text, 0, Piece.Kind.USER_DEFINED)));
        for (int value = 0; value < 256; value++) {
            pieces.add(new Piece(String.format(Locale.ROOT, "<0x%02X>", value), 0, Piece.Kind.BYTE));
        }
        int rank = 0;
        for (String text : merged) {
            pieces.add(new Piece(text, -rank++, Piece.Kind.NORMAL));
        }
        for (int point : characters.byFrequency()) {
            pieces.add(new Piece(Character.toString(point), -rank++, Piece.Kind.NORMAL));
        }
        return pieces;
    }
}
