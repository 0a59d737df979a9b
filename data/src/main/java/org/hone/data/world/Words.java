package org.hone.data.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A text as sentences of words in small letters.
 *
 * @param sentences the words of each sentence, without its stop; none is empty
 * @param ends whether the last sentence has its stop
 * @param padded all words with one blank around each, sentences joined by a full stop, to find phrases in
 */
record Words(List<List<String>> sentences, boolean ends, String padded) {
    /** Reads any text. */
    static Words of(String text) {
        List<List<String>> sentences = new ArrayList<>();
        List<String> current = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean ends = false;
        String lower = lower(text);
        for (int i = 0; i <= lower.length(); ) {
            int character = i < lower.length() ? lower.codePointAt(i) : ' ';
            i += Character.charCount(character);
            if (!isBreak(character)) {
                word.appendCodePoint(character);
                ends = false;
                continue;
            }
            if (!word.isEmpty()) {
                current.add(word.toString());
                word.setLength(0);
            }
            if (isStop(character)) {
                ends = true;
                if (!current.isEmpty()) {
                    sentences.add(List.copyOf(current));
                    current.clear();
                }
            }
        }
        if (!current.isEmpty()) {
            sentences.add(List.copyOf(current));
        }
        return new Words(List.copyOf(sentences), ends && !sentences.isEmpty(), padded(sentences));
    }

    /** Small letters by the root locale: a Turkish machine must not turn I into a dotless i. */
    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** A phrase as {@link #padded()} holds it. */
    static String padded(String phrase) {
        return " " + lower(phrase) + " ";
    }

    /** How many words there are. */
    int count() {
        return sentences.stream().mapToInt(List::size).sum();
    }

    /** All words, each once. */
    Set<String> all() {
        Set<String> all = new HashSet<>();
        sentences.forEach(all::addAll);
        return all;
    }

    /** Whether a phrase is there, its words one after the other in one sentence. */
    boolean has(String phrase) {
        return padded.contains(padded(phrase));
    }

    /** Whether one of some phrases is there. */
    boolean hasAny(List<String> phrases) {
        return phrases.stream().anyMatch(this::has);
    }

    /** How many sentences hold one of some phrases. */
    int sentencesWithAny(List<String> phrases) {
        return (int) sentences.stream()
                .map(sentence -> " " + String.join(" ", sentence) + " ")
                .filter(sentence -> phrases.stream().anyMatch(phrase -> sentence.contains(" " + phrase + " ")))
                .count();
    }

    /** How many sentences were said before. */
    int repeatedSentences() {
        return sentences.size() - new HashSet<>(sentences).size();
    }

    private static boolean isStop(int character) {
        return character == '.' || character == '!' || character == '?';
    }

    /** Commas and colons only part words: one more or less is no fault. */
    private static boolean isBreak(int character) {
        return Character.isWhitespace(character)
                || isStop(character)
                || character == ','
                || character == ':'
                || character == ';'
                || character == '"';
    }

    private static String padded(List<List<String>> sentences) {
        StringBuilder padded = new StringBuilder(" ");
        for (List<String> sentence : sentences) {
            sentence.forEach(word -> padded.append(word).append(' '));
            padded.append(". ");
        }
        return padded.toString();
    }
}
