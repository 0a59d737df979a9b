package org.hone.data.tokenizer.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Byte-pair merging (arXiv 1508.07909, algorithm 1) with counts kept up to date instead of counted anew.
 *
 * <p>A candidate is the text that two neighbours would form, whichever they are: "a" + "aa" and "aa" + "a" are one, as they are
 * for the encoder. A merge touches only the runs that hold it, and there only the counts of the pairs beside it. The
 * queue is lazy: an entry whose count has fallen is put back with the present one when it comes up.
 *
 * <p>Ties: the higher count first, then the shorter piece, then the smaller text by UTF-16 code units.
 */
final class Merges {
    private static final int NO_PIECE = -1;

    private record Entry(long count, int symbol) {}

    private final int longestPiece;
    private final List<String> texts = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, Integer> symbolsByText = new HashMap<>();
    private final Map<Long, Integer> symbolsByPair = new HashMap<>();
    private final List<int[]> runs = new ArrayList<>();
    private final List<Long> weights = new ArrayList<>();
    private final Set<Integer> risen = new HashSet<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Comparator.comparingLong(Entry::count)
            .reversed()
            .thenComparingInt(entry -> length(texts.get(entry.symbol())))
            .thenComparing(entry -> texts.get(entry.symbol())));

    /** What is known of a text that could become a piece. */
    private static final class Candidate {
        private long count;
        private boolean accepted;
        private final List<Long> pairs = new ArrayList<>(1);
        /** Runs that held it once; some may no longer, some may come twice. */
        private int[] places = new int[2];

        private int placeCount;

        void addPlace(int run) {
            if (placeCount > 0 && places[placeCount - 1] == run) {
                return;
            }
            if (placeCount == places.length) {
                places = Arrays.copyOf(places, 2 * placeCount);
            }
            places[placeCount++] = run;
        }
    }

    private Merges(int longestPiece) {
        this.longestPiece = longestPiece;
    }

    /** The texts merged, in order, at most so many. */
    static List<String> of(Map<String, Long> words, CharacterSet characters, int most, int longestPiece) {
        Merges merges = new Merges(longestPiece);
        merges.load(words, characters);
        return merges.merge(most);
    }

    private void load(Map<String, Long> words, CharacterSet characters) {
        words.keySet().stream().sorted().forEach(word -> {
            for (int[] run : PreTokens.runs(word, characters)) {
                int[] symbols = Arrays.stream(run)
                        .map(point -> symbol(Character.toString(point)))
                        .toArray();
                runs.add(symbols);
                weights.add(words.getOrDefault(word, 0L));
                for (int i = 1; i < symbols.length; i++) {
                    change(symbols[i - 1], symbols[i], runs.size() - 1, 1);
                }
            }
        });
        enqueueRisen();
    }

    private List<String> merge(int most) {
        List<String> merged = new ArrayList<>();
        while (merged.size() < most && !queue.isEmpty()) {
            Entry best = queue.remove();
            Candidate candidate = candidates.get(best.symbol());
            if (candidate.accepted || candidate.count <= 0) {
                continue;
            }
            if (candidate.count != best.count()) {
                queue.add(new Entry(candidate.count, best.symbol()));
                continue;
            }
            merged.add(texts.get(best.symbol()));
            accept(best.symbol(), candidate);
        }
        return merged;
    }

    private void accept(int symbol, Candidate candidate) {
        candidate.accepted = true;
        for (int place = 0; place < candidate.placeCount; place++) {
            replaceIn(candidate.places[place], symbol, candidate.pairs);
        }
        candidate.places = new int[0];
        candidate.placeCount = 0;
        enqueueRisen();
    }

    /** Replaces each pair that forms the symbol, from the left, and corrects the counts on both sides of it. */
    private void replaceIn(int place, int symbol, List<Long> pairs) {
        int[] run = runs.get(place);
        int written = 0;
        int i = 0;
        while (i < run.length) {
            int left = run[i];
            if (i + 1 == run.length || !pairs.contains(pair(left, run[i + 1]))) {
                run[written++] = left;
                i++;
                continue;
            }
            int right = run[i + 1];
            if (written > 0) {
                change(run[written - 1], left, place, -1);
                change(run[written - 1], symbol, place, 1);
            }
            if (i + 2 < run.length) {
                change(right, run[i + 2], place, -1);
                change(symbol, run[i + 2], place, 1);
            }
            run[written++] = symbol;
            i += 2;
        }
        if (written < run.length) {
            runs.set(place, Arrays.copyOf(run, written));
        }
    }

    private void change(int left, int right, int place, int sign) {
        int symbol = symbolsByPair.computeIfAbsent(pair(left, right), pair -> {
            String text = texts.get(left) + texts.get(right);
            if (length(text) > longestPiece || !PreTokens.isPiece(text)) {
                return NO_PIECE;
            }
            int formed = symbol(text);
            candidates.get(formed).pairs.add(pair);
            return formed;
        });
        if (symbol == NO_PIECE || candidates.get(symbol).accepted) {
            return;
        }
        Candidate candidate = candidates.get(symbol);
        candidate.count += sign * weights.get(place);
        if (sign > 0) {
            candidate.addPlace(place);
            risen.add(symbol);
        }
    }

    private void enqueueRisen() {
        risen.forEach(symbol -> queue.add(new Entry(candidates.get(symbol).count, symbol)));
        risen.clear();
    }

    private int symbol(String text) {
        return symbolsByText.computeIfAbsent(text, unseen -> {
            texts.add(unseen);
            candidates.add(new Candidate());
            return texts.size() - 1;
        });
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
