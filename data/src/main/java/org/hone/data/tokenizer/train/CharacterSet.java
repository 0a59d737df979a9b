package org.hone.data.tokenizer.train;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The characters that get a piece of their own: the most frequent ones that together cover enough of the text. */
final class CharacterSet {
    private final List<Integer> byFrequency;
    private final Set<Integer> covered;

    private CharacterSet(List<Integer> byFrequency) {
        this.byFrequency = byFrequency;
        this.covered = new HashSet<>(byFrequency);
    }

    /**
     * Takes the most frequent; ties go to the smaller code point. A tab is counted but gets no piece, as in SentencePiece, where it
     * stands for what the vocabulary has anyway.
     */
    static CharacterSet of(Map<Integer, Long> occurring, double coverage) {
        Map<Integer, Long> counts = new TreeMap<>(occurring);
        counts.keySet().removeIf(point -> !isText(point));
        double all = counts.values().stream().mapToLong(Long::longValue).sum();
        List<Map.Entry<Integer, Long>> sorted = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        long reached = 0;
        int taken = 0;
        while (taken < sorted.size() && reached / all < coverage) {
            reached += sorted.get(taken).getValue();
            taken++;
        }
        return new CharacterSet(sorted.subList(0, taken).stream()
                .map(Map.Entry::getKey)
                .filter(point -> point != '\t')
                .toList());
    }

    /** The characters, the most frequent first. */
    List<Integer> byFrequency() {
        return byFrequency;
    }

    /** Whether a piece of several characters may hold this one. */
    boolean mayMerge(int point) {
        return point != '\t' && !isDigit(point) && covered.contains(point);
    }

    /** Neither NUL, which no SentencePiece vocabulary can hold, nor half a surrogate pair, which is no character. */
    private static boolean isText(int point) {
        return point != 0 && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** What SentencePiece's split_digits takes for a digit: ASCII and full-width ones. */
    private static boolean isDigit(int point) {
        return (point >= '0' && point <= '9') || (point >= 0xFF10 && point <= 0xFF19);
    }
}
