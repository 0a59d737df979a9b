package org.hone.data.tokenizer;

import java.io.IOException;
import java.util.Arrays;
import org.hone.data.tokenizer.SentencePieceModel.Kind;
import org.hone.data.tokenizer.SentencePieceModel.Piece;

/**
 * SentencePiece's BPE, with its ids for every text, in Java: no copy across to native code, and words that come again are
 * looked up instead of merged anew.
 *
 * <p>Text is cut where no piece can reach across, which leaves the merges as they are: before a U+2581 that follows
 * something else, when no piece has one there; and around characters that occur in no piece of several characters.
 * An unused piece is cut again as it was last merged anywhere in the text, so a vocabulary with such pieces takes each text
 * whole.
 */
final class BpeEncoder implements TextEncoder {
    private static final byte WITHIN = 0;
    private static final byte BLANK = 1;
    private static final byte ALONE = 2;

    private final Normaliser normaliser;
    private final BpeSymbols symbols;
    private final UserDefinedPieces userDefined;
    private final int unknownId;
    private final int[] byteIds;
    private final byte[] classes = new byte[1 << 16];
    private final WordCache words = new WordCache();
    private final ThreadLocal<Work> work = ThreadLocal.withInitial(Work::new);

    /** What one thread needs while it encodes. */
    private final class Work {
        private final Characters text = new Characters();
        private final Ids ids = new Ids();
        private final BpeMerger merger = new BpeMerger(symbols, userDefined, byteIds, unknownId);
    }

    /**
     * An encoder for a BPE model.
     *
     * @throws IOException when SentencePiece itself would refuse the model
     */
    BpeEncoder(SentencePieceModel model) throws IOException {
        this.symbols = new BpeSymbols(model);
        this.userDefined = new UserDefinedPieces(model.pieces().stream()
                .filter(piece -> piece.kind() == Kind.USER_DEFINED)
                .map(Piece::text)
                .toList());
        this.normaliser = new Normaliser(model.normalisation(), userDefined);
        this.unknownId = model.unknownId();
        this.byteIds = byteIds(model);
        if (unknownId < 0) {
            throw new IOException("it has no unknown piece");
        }
        if (!symbols.hasUnused()) {
            for (char character = 0; character < Character.MAX_VALUE; character++) {
                boolean alone = !Character.isSurrogate(character) && !symbols.isMerging(character);
                classes[character] = alone ? ALONE : WITHIN;
            }
            if (classes[Normaliser.BLANK] == WITHIN && model.pieces().stream().noneMatch(BpeEncoder::hasBlankBehind)) {
                classes[Normaliser.BLANK] = BLANK;
            }
        }
    }

    private static boolean hasBlankBehind(Piece piece) {
        String text = piece.text();
        for (int i = 1; i < text.length() && piece.kind().isText(); i++) {
            if (text.charAt(i) == Normaliser.BLANK && text.charAt(i - 1) != Normaliser.BLANK) {
                return true;
            }
        }
        return false;
    }

    private static int[] byteIds(SentencePieceModel model) throws IOException {
        if (!model.byteFallback()) {
            return new int[0];
        }
        int[] ids = new int[256];
        Arrays.fill(ids, -1);
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            if (piece.kind() == Kind.BYTE) {
                if (!piece.text().matches("<0x[0-9A-F]{2}>")) {
                    throw new IOException("piece '" + piece.text() + "' is no byte");
                }
                ids[piece.byteValue()] = id;
            }
        }
        for (int value = 0; value < ids.length; value++) {
            if (ids[value] < 0) {
                throw new IOException("it has no piece for the byte " + value + ", though its byte fallback is on");
            }
        }
        return ids;
    }

    @Override
    public int[] encode(String text) {
        Work mine = work.get();
        mine.ids.clear();
        normaliser.normalise(text, mine.text);
        encode(mine.text.array(), mine.text.length(), mine);
        int[] ids = mine.ids.from(0);
        mine.text.clear();
        return ids;
    }

    private void encode(char[] text, int length, Work mine) {
        for (int at = 0; at < length; ) {
            int start = at;
            int hash = 0;
            boolean afterBlanks = false;
            while (at < length) {
                char character = text[at];
                byte kind = classes[character];
                if (kind == ALONE || (kind == BLANK && afterBlanks)) {
                    break;
                }
                afterBlanks |= kind == WITHIN;
                hash = 31 * hash + character;
                at++;
            }
            if (at == start) {
                mine.merger.encode(text[at++], mine.ids);
            } else if (at - start <= WordCache.LONGEST) {
                word(text, start, at, hash, mine);
            } else {
                mine.merger.encode(text, start, at, mine.ids);
            }
        }
    }

    private void word(char[] text, int start, int end, int hash, Work mine) {
        WordCache.Word word = words.find(text, start, end, hash);
        if (word == null) {
            int before = mine.ids.length();
            mine.ids.append(BpeSymbols.NONE); // the word's ids do not depend on what stands before it
            mine.merger.encode(text, start, end, mine.ids);
            word = new WordCache.Word(Arrays.copyOfRange(text, start, end), mine.ids.from(before + 1));
            mine.ids.cut(before);
            words.add(word, hash);
        }
        // unknown characters in a row are one unknown piece
        boolean joins = word.ids()[0] == unknownId && mine.ids.endsWith(unknownId);
        mine.ids.append(word.ids(), joins ? 1 : 0);
    }

    @Override
    public void close() {
        // no native memory
    }
}
