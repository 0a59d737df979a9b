package org.hone.data.world;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which words may stand side by side: all pairs that some sentence of the grammar has. */
final class Neighbours {
    /** Stands before the first word of a sentence and after its last. */
    private static final String EDGE = ".";

    private Neighbours() {}

    /** Every pair of neighbouring words, joined by a blank, of every sentence with every filling of its slots. */
    static Set<String> ofTheGrammar() {
        Set<String> pairs = new HashSet<>();
        for (Topic topic : Grammar.TOPICS) {
            Grammar.sentences(topic).forEach(text -> {
                for (String sentence : text.split("(?<=[.!?]) ", -1)) {
                    addPairs(sentence, topic, pairs);
                }
            });
        }
        return Set.copyOf(pairs);
    }

    private static void addPairs(String sentence, Topic topic, Set<String> pairs) {
        Set<String> lastWords = Set.of(EDGE);
        for (String part : Sentence.parts(sentence)) {
            Set<String> ends = new HashSet<>();
            for (String filling : Sentence.fillings(part, topic)) {
                List<String> words = Words.of(filling).sentences().stream()
                        .flatMap(List::stream)
                        .toList();
                if (words.isEmpty()) {
                    // the stop or the comma between two slots
                    ends.addAll(lastWords);
                    continue;
                }
                lastWords.forEach(last -> pairs.add(last + " " + words.get(0)));
                for (int i = 1; i < words.size(); i++) {
                    pairs.add(words.get(i - 1) + " " + words.get(i));
                }
                ends.add(words.get(words.size() - 1));
            }
            lastWords = Set.copyOf(ends);
        }
        lastWords.forEach(last -> pairs.add(last + " " + EDGE));
    }

    /** The share of a text's neighbouring words that are not among the known pairs, in [0, 1]. */
    static double unknownShare(Words words, Set<String> known) {
        int pairs = 0;
        int unknown = 0;
        List<List<String>> sentences = words.sentences();
        for (int i = 0; i < sentences.size(); i++) {
            String last = EDGE;
            for (String word : sentences.get(i)) {
                pairs++;
                unknown += known.contains(last + " " + word) ? 0 : 1;
                last = word;
            }
            boolean open = i == sentences.size() - 1 && !words.ends();
            if (!open) {
                pairs++;
                unknown += known.contains(last + " " + EDGE) ? 0 : 1;
            }
        }
        return pairs == 0 ? 0 : (double) unknown / pairs;
    }
}
