package org.hone.data.curation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What reference.py, a second implementation, computed. */
final class CurationReference {
    private CurationReference() {}

    static JsonNode read(String part) {
        try (InputStream input = CurationReference.class.getResourceAsStream("reference.json")) {
            return new ObjectMapper().readTree(input).required(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Passage> passages(JsonNode node) {
        List<Passage> passages = new ArrayList<>();
        node.forEach(passage -> passages.add(new Passage(
                Passage.Kind.valueOf(passage.get(0).textValue()), passage.get(1).textValue())));
        return passages;
    }
}
