package org.hone.data.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the files beside a {@code tokenizer.json} say about its special tokens: that file alone does not say
 * which of them begin a row and end a response.
 */
final class SpecialTokens {
    private static final List<String> NAMING_FILES = List.of("tokenizer_config.json", "special_tokens_map.json");
    private static final List<String> NUMBERING_FILES = List.of("generation_config.json", "config.json");
    /** Tried, as pairs, when no file says; these names mean nothing else. */
    private static final List<Map<String, String>> WELL_KNOWN =
            List.of(Map.of("bos", "<s>", "eos", "</s>"), Map.of("bos", "<|begin_of_text|>", "eos", "<|end_of_text|>"));

    private final List<ObjectNode> naming = new ArrayList<>();
    private final List<ObjectNode> numbering = new ArrayList<>();

    private SpecialTokens() {}

    static SpecialTokens beside(Path tokenizerFile) throws IOException {
        SpecialTokens tokens = new SpecialTokens();
        for (String name : NAMING_FILES) {
            readInto(tokens.naming, tokenizerFile.resolveSibling(name));
        }
        for (String name : NUMBERING_FILES) {
            readInto(tokens.numbering, tokenizerFile.resolveSibling(name));
        }
        return tokens;
    }

    private static void readInto(List<ObjectNode> objects, Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            objects.add(StrictJson.object(file, Files.readAllBytes(file)));
        }
    }

    /** The tokens that these files call special, by text, beyond what {@code tokenizer.json} itself calls so. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        for (ObjectNode object : naming) {
            for (JsonNode token : object.path("added_tokens_decoder")) {
                if (token.path("special").asBoolean()) {
                    names.add(token.path("content").asText());
                }
            }
            for (String role : List.of("bos", "eos")) {
                String name = named(object, role);
                if (name != null) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /**
     * The id of a role.
     *
     * @param role {@code bos} or {@code eos}
     * @param specials the special tokens of {@code tokenizer.json}
     */
    int id(Path file, String role, Map<String, Integer> specials) throws IOException {
        for (ObjectNode object : naming) {
            String name = named(object, role);
            @Nullable Integer id = name == null ? null : specials.get(name);
            if (id != null) {
                return id;
            }
        }
        for (ObjectNode object : numbering) {
            JsonNode value = object.path(role + "_token_id");
            // a model that may end in several ways (Llama 3.1) lists them; the first ends a text
            JsonNode first = value.isArray() ? value.path(0) : value;
            if (first.isIntegralNumber() && specials.containsValue(first.intValue())) {
                return first.intValue();
            }
        }
        for (Map<String, String> pair : WELL_KNOWN) {
            @Nullable Integer id = specials.get(pair.getOrDefault(role, ""));
            if (id != null && specials.keySet().containsAll(pair.values())) {
                return id;
            }
        }
        throw new IOException(file + ": which token is " + role + "? No file beside it says; name it as \""
                + role + "_token\" in tokenizer_config.json, or \"" + role
                + "_token_id\" in config.json; special tokens are " + specials.keySet());
    }

    private static @Nullable String named(ObjectNode object, String role) {
        JsonNode value = object.path(role + "_token");
        JsonNode name = value.isObject() ? value.path("content") : value;
        return name.isTextual() ? name.asText() : null;
    }
}
