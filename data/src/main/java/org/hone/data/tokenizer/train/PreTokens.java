package org.hone.data.tokenizer.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Words to the runs inside which pieces may grow. */
final class PreTokens {
    /** Stands for a blank in every piece. */
    static final int BLANK = 0x2581;

    private static final int LONG_VOWEL = 0x30FC;

    private PreTokens() {}

    /**
     * The runs of a word: between two of them no piece can reach. A digit stands alone, a change of script parts, and so does a
     * character that gets no piece.
     */
    static List<int[]> runs(String word, CharacterSet characters) {
        List<int[]> runs = new ArrayList<>();
        int[] points = word.codePoints().toArray();
        int start = 0;
        for (int i = 1; i <= points.length; i++) {
            if (i == points.length || parts(points[i - 1], points[i], characters)) {
                // a run of one character has nothing to merge
                if (i - start > 1) {
                    runs.add(Arrays.copyOfRange(points, start, i));
                }
                start = i;
            }
        }
        return runs;
    }

    /** Whether a piece may have these characters: blanks only at its very front, or nothing but blanks. */
    static boolean isPiece(String text) {
        int last = text.lastIndexOf(BLANK);
        return last <= 0 || text.codePoints().allMatch(point -> point == BLANK);
    }

    private static boolean parts(int left, int right, CharacterSet characters) {
        return !characters.mayMerge(left)
                || !characters.mayMerge(right)
                || (left != BLANK && right != BLANK && script(left) != script(right));
    }

    /** Kana count as Han, as in SentencePiece: Japanese words mix them. */
    private static Character.UnicodeScript script(int point) {
        Character.UnicodeScript script = Character.UnicodeScript.of(point);
        boolean kana = script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA
                || point == LONG_VOWEL;
        return kana ? Character.UnicodeScript.HAN : script;
    }
}
