package org.hone.data.tokenizer;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hone.data.tokenizer.SentencePieceModel.Kind;
import org.hone.data.tokenizer.SentencePieceModel.Piece;

/**
 * A BPE vocabulary as symbols: the text pieces by their ids, and behind them characters that occur within pieces but are none
 * themselves. Two neighbours merge when their joined text is a piece, whichever they are.
 */
final class BpeSymbols {
    /** A character that occurs in no piece, or a pair that does not merge. */
    static final int NONE = -1;

    private final Map<String, Integer> byText = new HashMap<>();
    private final Map<String, Integer> reserved = new HashMap<>();
    private final int[] byCharacter = new int[1 << 16];
    private final Map<Integer, Integer> byHighCharacter = new HashMap<>();
    private final BitSet merging = new BitSet();
    private final BitSet unused = new BitSet();
    private final int[] ids;
    private final int[] ranks;
    private final PairTable pairs;

    /**
     * Builds the tables.
     *
     * @throws IOException when SentencePiece itself would refuse the vocabulary
     */
    BpeSymbols(SentencePieceModel model) throws IOException {
        List<Piece> pieces = model.pieces();
        addPieces(pieces);
        int count = addCharacters(pieces);
        this.ids = new int[count];
        Arrays.fill(ids, model.unknownId());
        byText.forEach((text, symbol) -> {
            // as in SentencePiece, a name that is also a control piece's is that piece: ControlIds refuses it
            int own = symbol < pieces.size() ? symbol : ids[symbol];
            ids[symbol] = reserved.getOrDefault(text, own);
        });
        this.ranks = ranks(pieces, count);
        this.pairs = pairs(pieces);
    }

    private void addPieces(List<Piece> pieces) throws IOException {
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            if (piece.text().isEmpty()) {
                throw new IOException("piece " + id + " is empty");
            }
            if ((piece.kind().isText() ? byText : reserved).put(piece.text(), id) != null) {
                throw new IOException("piece '" + piece.text() + "' occurs twice");
            }
            if (piece.kind() == Kind.UNUSED) {
                unused.set(id);
            }
        }
    }

    /** Gives every character within a piece a symbol; how many symbols there are then. */
    private int addCharacters(List<Piece> pieces) {
        int next = pieces.size();
        Arrays.fill(byCharacter, NONE);
        for (Piece piece : pieces) {
            if (!piece.kind().isText()) {
                continue;
            }
            int[] points = piece.text().codePoints().toArray();
            for (int point : points) {
                if (symbol(point) == NONE) {
                    int symbol = byText.computeIfAbsent(Character.toString(point), text -> NONE);
                    if (symbol == NONE) {
                        symbol = next++;
                        byText.put(Character.toString(point), symbol);
                    }
                    define(point, symbol);
                }
                if (points.length > 1) {
                    merging.set(point);
                }
            }
        }
        return next;
    }

    private void define(int point, int symbol) {
        if (point < byCharacter.length) {
            byCharacter[point] = symbol;
        } else {
            byHighCharacter.put(point, symbol);
        }
    }

    /** The order of the scores, the highest first; equal scores have equal ranks. */
    private static int[] ranks(List<Piece> pieces, int count) {
        int[] sorted = IntStream.range(0, pieces.size())
                .boxed()
                .sorted((a, b) ->
                        Float.compare(pieces.get(b).score(), pieces.get(a).score()))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] ranks = new int[count];
        for (int i = 1; i < sorted.length; i++) {
            boolean same =
                    pieces.get(sorted[i]).score() == pieces.get(sorted[i - 1]).score();
            ranks[sorted[i]] = ranks[sorted[i - 1]] + (same ? 0 : 1);
        }
        return ranks;
    }

    /** User-defined pieces stay whole in the text, so they are in no pair. */
    private PairTable pairs(List<Piece> pieces) {
        Map<String, Integer> parts = new HashMap<>(byText);
        pieces.stream().filter(piece -> piece.kind() == Kind.USER_DEFINED).forEach(piece -> parts.remove(piece.text()));
        PairTable table = new PairTable(parts.keySet().stream()
                .mapToInt(text -> Math.max(0, text.length() - 1))
                .sum());
        parts.forEach((text, symbol) -> {
            for (int cut = 1; cut < text.length(); cut++) {
                Integer left = parts.get(text.substring(0, cut));
                Integer right = left == null ? null : parts.get(text.substring(cut));
                if (left != null && right != null) {
                    table.put(left, right, symbol);
                }
            }
        });
        return table;
    }

    /** The symbol of a character, or {@link #NONE}. */
    int symbol(int point) {
        return point < byCharacter.length ? byCharacter[point] : byHighCharacter.getOrDefault(point, NONE);
    }

    /** The symbol of a piece's text. */
    int symbol(String text) {
        return byText.getOrDefault(text, NONE);
    }

    /** What two neighbours merge to, or {@link #NONE}. */
    int merged(int left, int right) {
        return left == NONE || right == NONE ? NONE : pairs.get(left, right);
    }

    /** Of two merges the one of the smaller rank is made first. */
    int rank(int symbol) {
        return ranks[symbol];
    }

    /** The id of a symbol; the unknown piece's for a character that is no piece. */
    int id(int symbol) {
        return ids[symbol];
    }

    /** Whether a character occurs within a piece of several characters. */
    boolean isMerging(int point) {
        return merging.get(point);
    }

    /** Whether merges go through the symbol, but the result is cut again where it remains. */
    boolean isUnused(int symbol) {
        return unused.get(symbol);
    }

    boolean hasUnused() {
        return !unused.isEmpty();
    }
}
