package org.hone.data.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the Python libraries make of some texts and ids, as generate.py wrote it, and a comparison with it. */
final class TokenizerVectors {
    private final JsonNode root;

    TokenizerVectors(Path file) throws IOException {
        root = new JsonMapper().readTree(Files.readAllBytes(file));
    }

    static Path resource(String name) {
        return Path.of("src/test/resources/tokenizer").resolve(name);
    }

    int size() {
        return root.path("size").intValue();
    }

    int special(String role) {
        return root.path(role).intValue();
    }

    String sha256() {
        return root.path("sha256").textValue();
    }

    int encodings() {
        return root.path("encode").size();
    }

    int decodings() {
        return root.path("decode").size();
    }

    /** Every difference in words; none when the tokenizer gives what Python gave. */
    List<String> differences(Tokenizer tokenizer) {
        List<String> differences = new ArrayList<>();
        for (JsonNode vector : root.path("encode")) {
            String text = vector.path("text").textValue();
            int[] ids = tokenizer.encode(text);
            if (!Arrays.equals(ids, ids(vector))) {
                differences.add(
                        shown(text) + " encodes to " + Arrays.toString(ids) + ", Python: " + vector.path("ids"));
            }
            note(differences, tokenizer, ids(vector), vector.path("decoded").textValue());
        }
        for (JsonNode vector : root.path("decode")) {
            note(differences, tokenizer, ids(vector), vector.path("text").textValue());
        }
        return differences;
    }

    private static void note(List<String> differences, Tokenizer tokenizer, int[] ids, String expected) {
        String text = tokenizer.decode(ids);
        if (!text.equals(expected)) {
            differences.add(Arrays.toString(ids) + " decodes to " + shown(text) + ", Python: " + shown(expected));
        }
    }

    private static int[] ids(JsonNode vector) {
        int[] ids = new int[vector.path("ids").size()];
        Arrays.setAll(ids, i -> vector.path("ids").path(i).intValue());
        return ids;
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        text.chars()
                .forEach(character -> shown.append(
                        character >= ' ' && character < 127
                                ? String.valueOf((char) character)
                                : "\\u"
                                        + Integer.toHexString(0x10000 | character)
                                                .substring(1)));
        return shown.append('\'').toString();
    }
}
