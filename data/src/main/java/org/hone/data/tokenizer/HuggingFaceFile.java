package org.hone.data.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
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
 * here. What adds tokens of its own accord (post-processor, truncation, padding) is taken out too.
 *
 * @param json the file as the library gets it
 * @param pieces the text of every id; null for a gap
 * @param controls the ids of the control tokens
 * @param bosId the id that begins a row
 * @param eosId the id that ends a response
 * @param unkId the id of what the vocabulary lacks, or -1
 */
record HuggingFaceFile(String json, List<@Nullable String> pieces, BitSet controls, int bosId, int eosId, int unkId) {
    private static final int MOST_IDS = 1 << 24;

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
        Map<String, Integer> specials = takeSpecials(file, root, beside.names(), ids);
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
        if (unkId >= 0) {
            // text gives it, where a character is not in the vocabulary: a loss, but no way out of a turn
            controls.clear(unkId);
        }
        return new HuggingFaceFile(StrictJson.write(root), pieces(ids), controls, bosId, eosId, unkId);
    }

    /** Takes the special added tokens out of the file, and puts every added token's id among the ids. */
    private static Map<String, Integer> takeSpecials(
            Path file, ObjectNode root, Set<String> names, Map<String, Integer> ids) throws IOException {
        Map<String, Integer> specials = new LinkedHashMap<>();
        if (root.path("added_tokens") instanceof ArrayNode added) {
            for (Iterator<JsonNode> tokens = added.iterator(); tokens.hasNext(); ) {
                JsonNode token = tokens.next();
                String content = token.path("content").asText();
                int id = id(file, content, token.path("id"));
                ids.put(content, id);
                if (token.path("special").asBoolean() || names.contains(content)) {
                    specials.put(content, id);
                    tokens.remove();
                }
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
