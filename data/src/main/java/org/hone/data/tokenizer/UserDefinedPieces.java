package org.hone.data.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pieces that a user has put into a vocabulary: wherever text has one of them it stays whole, the longest first. */
final class UserDefinedPieces {
    private final Map<Character, List<String>> byFirst = new HashMap<>();

    UserDefinedPieces(Iterable<String> pieces) {
        for (String piece : pieces) {
            byFirst.computeIfAbsent(piece.charAt(0), first -> new ArrayList<>()).add(piece);
        }
        byFirst.values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt(String::length).reversed()));
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /** How many characters the longest piece that begins here has; 0 for none. */
    int match(String text, int start) {
        for (String piece : byFirst.getOrDefault(text.charAt(start), List.of())) {
            if (text.startsWith(piece, start)) {
                return piece.length();
            }
        }
        return 0;
    }

    /** The same in an array. */
    int match(char[] text, int start, int end) {
        for (String piece : byFirst.getOrDefault(text[start], List.of())) {
            if (piece.length() <= end - start && startsWith(text, start, piece)) {
                return piece.length();
            }
        }
        return 0;
    }

    private static boolean startsWith(char[] text, int start, String piece) {
        for (int i = 0; i < piece.length(); i++) {
            if (text[start + i] != piece.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
