package org.hone.data.tokenizer.train;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Byte-pair encoding by its definition: merge the pair with the highest score, the leftmost first, until none is left. */
final class NaiveEncoder {
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Float> scores = new HashMap<>();

    NaiveEncoder(List<Piece> pieces) {
        for (int id = 0; id < pieces.size(); id++) {
            ids.put(pieces.get(id).text(), id);
            if (pieces.get(id).kind() == Piece.Kind.NORMAL) {
                scores.put(pieces.get(id).text(), pieces.get(id).score());
            }
        }
    }

    List<Integer> encode(String text) {
        List<String> symbols = new ArrayList<>();
        if (!text.isEmpty()) {
            ("▁" + text.replace(' ', '▁')).codePoints().forEach(point -> symbols.add(Character.toString(point)));
        }
        for (int best = best(symbols); best >= 0; best = best(symbols)) {
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        List<Integer> encoded = new ArrayList<>();
        for (String symbol : symbols) {
            if (scores.containsKey(symbol)) {
                encoded.add(ids.get(symbol));
            } else {
                for (byte value : symbol.getBytes(StandardCharsets.UTF_8)) {
                    encoded.add(ids.get(String.format(Locale.ROOT, "<0x%02X>", value & 0xff)));
                }
            }
        }
        return encoded;
    }

    private int best(List<String> symbols) {
        int best = -1;
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i + 1 < symbols.size(); i++) {
            Float score = scores.get(symbols.get(i) + symbols.get(i + 1));
            if (score != null && score > highest) {
                highest = score;
                best = i;
            }
        }
        return best;
    }
}
