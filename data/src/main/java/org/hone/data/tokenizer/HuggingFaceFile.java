package org.hone.data.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json}, taken apart into what the library may see and what it must not.
 *
 * <p>The library turns the text of any added token into its id, so {@code </s>} typed by a user would end the row.
 * Added tokens that are special are therefore taken out before the library reads the file; their ids and names stay
 * here. The library numbers added tokens by counting, so one that has no place in the model's vocabulary is
 * not removed but gets a random text of 128 bits that nobody can type: the others keep their ids. What adds
 * tokens of its own accord (post-processor, truncation, padding) is taken out too.
 *
 * @param json the file as the library gets it
 * @param pieces the text of every id; null for a gap
 * @param added the added tokens that text may hold, with their ids
 * @param controls the ids of the control tokens
 * @param bosId the id that begins a row
 * @param eosId the id that ends a response
 * @param unkId the id of what the vocabulary lacks, or -1
 */
record HuggingFaceFile(
        String json,
        List<@Nullable String> pieces,
        Map<String, Integer> added,
        BitSet controls,
        int bosId,
        int eosId,
        int unkId) {
    private static final int MOST_IDS = 1 << 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    static HuggingFaceFile parse(Path file, byte[] bytes) throws IOException {
        ObjectNode root = StrictJson.object(file, bytes);
        JsonNode model = root.path("model");
        if (!(model.path("vocab") instanceof ObjectNode vocabulary)
                || !model.path("type").asText("BPE").equals("BPE")) {
            throw new IOException(file + ": model.type is " + model.path("type")
                    + " with a vocabulary of kind " + model.path("vocab").getNodeType()
                    + "; Hone reads BPE models, which all Llama tokenizers are");
        }
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
            ids.put(entry.getKey(), id(file, entry.getKey(), entry.getValue()));
        }
        SpecialTokens beside = SpecialTokens.beside(file);
        Map<String, Integer> added = new LinkedHashMap<>();
        Map<String, Integer> specials = takeSpecials(file, root, beside.names(), ids, added);
        root.putNull("post_processor");
        root.putNull("truncation");
        root.putNull("padding");

        int unkId = model.path("unk_token").isTextual()
                ? ids.getOrDefault(model.path("unk_token").asText(), -1)
                : -1;
        int bosId = beside.id(file, "bos", specials);
        int eosId = beside.id(file, "eos", specials);
        BitSet controls = new BitSet();
        specials.values().forEach(controls::set);
        if (unkId >= 0 && unkId != bosId && unkId != eosId) {
            // text gives it, where a character is not in the vocabulary: a loss, but no way out of a turn
            controls.clear(unkId);
        }
        return new HuggingFaceFile(StrictJson.write(root), pieces(ids), added, controls, bosId, eosId, unkId);
    }

    /** Takes the special added tokens out of the file, puts every id among the ids, and the rest among the added. */
    private static Map<String, Integer> takeSpecials(
            Path file, ObjectNode root, Set<String> names, Map<String, Integer> ids, Map<String, Integer> added)
            throws IOException {
        Map<String, Integer> specials = new LinkedHashMap<>();
        for (Iterator<JsonNode> tokens = root.path("added_tokens").iterator(); tokens.hasNext(); ) {
            if (!(tokens.next() instanceof ObjectNode token)) {
                throw new IOException(file + ": added_tokens holds something that is no object; copy the file again");
            }
            String content = token.path("content").asText();
            int id = id(file, content, token.path("id"));
            @Nullable Integer inVocabulary = ids.put(content, id);
            if (inVocabulary != null && inVocabulary != id) {
                throw new IOException(file + ": token '" + content + "' has the id " + id
                        + " among the added tokens and " + inVocabulary + " in the vocabulary; copy the file again");
            }
            if (!token.path("special").asBoolean() && !names.contains(content)) {
                added.put(content, id);
                continue;
            }
            specials.put(content, id);
            if (inVocabulary == null) {
                byte[] unspeakable = new byte[16];
                RANDOM.nextBytes(unspeakable);
                token.put("content", HexFormat.of().formatHex(unspeakable)).put("normalized", false);
            } else {
                tokens.remove();
            }
        }
        for (String name : names) {
            @Nullable Integer id = ids.get(name);
            if (id != null) {
                specials.put(name, id);
            }
        }
        return specials;
    }

    private static int id(Path file, String piece, JsonNode value) throws IOException {
        if (!value.isInt() || value.intValue() < 0 || value.intValue() >= MOST_IDS) {
            throw new IOException(
                    file + ": token '" + piece + "' has the id " + value + "; allowed are 0 to " + (MOST_IDS - 1));
        }
        return value.intValue();
    }

    private static List<@Nullable String> pieces(Map<String, Integer> ids) {
        int size = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        List<@Nullable String> pieces = new ArrayList<>(Collections.nCopies(size, null));
        ids.forEach((text, id) -> pieces.set(id, text));
        return pieces;
    }
}
