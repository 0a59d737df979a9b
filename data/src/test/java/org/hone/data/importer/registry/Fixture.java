package org.hone.data.importer.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.jspecify.annotations.Nullable;

/**
 * Records of a format as it is published, with invented text, and what they have to become, both written by hand:
 * {@code importer/<format>.json}.
 *
 * @param records the records
 * @param expected for every record the list of its outcomes
 */
record Fixture(List<JsonNode> records, List<JsonNode> expected) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Fixture of(String format) {
        try (InputStream in = Fixture.class.getResourceAsStream("/importer/" + format + ".json")) {
            JsonNode file = MAPPER.readTree(in);
            return new Fixture(list(file.path("records")), list(file.path("expected")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Outcomes in the form in which the files state them: what is null is left out. */
    static ArrayNode rendered(List<Imported> outcomes) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        outcomes.forEach(outcome -> list.add(rendered(outcome)));
        return list;
    }

    private static ObjectNode rendered(Imported imported) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (imported instanceof Imported.Preference preference) {
            prompt(node, preference.pair().prompt());
            node.put("chosen", preference.pair().chosen());
            node.put("rejected", preference.pair().rejected());
            put(node, "rating", preference.pair().rating());
            put(node, "bin", preference.pair().safetyBin());
            put(node, "annotator", preference.pair().annotator());
        } else if (imported instanceof Imported.Example example) {
            prompt(node, example.demonstration().prompt());
            node.put("response", example.demonstration().response());
            put(node, "category", example.demonstration().category());
        } else if (imported instanceof Imported.Prompt prompt) {
            prompt(node, prompt.prompt().prompt());
            Boolean unsafe = prompt.prompt().unsafe();
            if (unsafe != null) {
                node.put("unsafe", unsafe);
            }
            put(node, "risk", prompt.prompt().risk());
            put(node, "category", prompt.prompt().category());
            put(node, "attack", prompt.prompt().attack());
        } else if (imported instanceof Imported.Document document) {
            node.put("text", document.document().text());
            put(node, "url", document.document().url());
        } else if (imported instanceof Imported.Graded graded) {
            prompt(node, graded.prompt());
            node.put("group", graded.group());
            node.put("response", graded.response());
            node.put("grade", (int) graded.grade());
            Boolean unsafe = graded.unsafe();
            if (unsafe != null) {
                node.put("unsafe", unsafe);
            }
            put(node, "annotator", graded.annotator());
        } else if (imported instanceof Imported.Refused refused) {
            node.put("refused", refused.reason().name());
            node.put("detail", refused.detail());
        }
        return node;
    }

    private static void prompt(ObjectNode node, Dialogue prompt) {
        ArrayNode turns = node.putArray("prompt");
        prompt.turns().forEach(turn -> turns.add(turn.role() + ": " + turn.text()));
    }

    private static void put(ObjectNode node, String name, @Nullable Object value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> list = new ArrayList<>();
        array.forEach(list::add);
        return list;
    }
}
