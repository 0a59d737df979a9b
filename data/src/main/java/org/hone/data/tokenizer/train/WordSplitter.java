package org.hone.data.tokenizer.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text to the words that a trainer counts.
 *
 * <p>As in SentencePiece, each line is a sentence: it gets a blank before it, blanks are written as U+2581, and a word is a run of
 * blanks with what follows. What the vocabulary has anyway, user-defined pieces and names such as {@code </s>} or
 * {@code <0x0A>}, is a tab within its word: pieces do not grow across it.
 *
 * <p>A word of more than {@value #LONGEST_WORD} characters (a line of code without blanks, a picture in letters) is cut, so that one
 * line cannot make training slow. SentencePiece leaves out lines of more than 4,192 bytes instead.
 */
public final class WordSplitter implements Serializable {
    /** Words are cut after so many UTF-16 units. */
    public static final int LONGEST_WORD = 256;

    private static final long serialVersionUID = 1L;

    private static final String FIXED_NAMES = "<(?:unk>|s>|/s>|0x[0-9A-F]{2}>)";
    private static final String BLANK = Character.toString(PreTokens.BLANK);

    private final Pattern whole;

    /**
     * A splitter.
     *
     * @param userDefined pieces that stay whole wherever text has them
     */
    public WordSplitter(List<String> userDefined) {
        String alternatives = userDefined.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        this.whole = Pattern.compile(alternatives.isEmpty() ? FIXED_NAMES : alternatives + "|" + FIXED_NAMES);
    }

    /**
     * The words of a text.
     *
     * @param text any text; each of its lines stands for itself. An unpaired surrogate is read as U+FFFD
     * @return the words; joined they give the escaped lines
     */
    public List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (int start = 0; start <= text.length(); ) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            if (end > start) {
                addWords(text.substring(start, end), words);
            }
            start = end + 1;
        }
        return words;
    }

    private void addWords(String line, List<String> words) {
        String escaped = BLANK + line.replace(' ', (char) PreTokens.BLANK);
        String text = whole.matcher(paired(escaped)).replaceAll("\t");
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            boolean begins = text.charAt(i) == PreTokens.BLANK && text.charAt(i - 1) != PreTokens.BLANK;
            boolean tooLong = i - start >= LONGEST_WORD && !Character.isLowSurrogate(text.charAt(i));
            if (begins || tooLong) {
                words.add(text.substring(start, i));
                start = i;
            }
        }
        words.add(text.substring(start));
    }

    private static String paired(String text) {
        if (text.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
            return text;
        }
        StringBuilder paired = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .forEach(paired::appendCodePoint);
        return paired.toString();
    }
}
