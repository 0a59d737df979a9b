package org.hone.data.importer.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hone.data.importer.Format;
import org.hone.data.importer.Imported;
import org.hone.data.preference.PreferencePair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a record holds, a format neither throws nor loses it, and what it accepts keeps the rules of all. */
class FormatsFuzzTest {
    private static final int MUTANTS = 1000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @ParameterizedTest
    @MethodSource("formats")
    void mutatedRecordsAlwaysHaveAnOutcome(Format format) {
        Random random = new Random(format.name().hashCode());
        List<JsonNode> records = Fixture.of(format.name()).records();
        int refused = 0;
        List<Imported.Graded> graded = new ArrayList<>();
        for (int i = 0; i < MUTANTS; i++) {
            JsonNode mutant = records.get(random.nextInt(records.size())).deepCopy();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                mutant = mutated(mutant, random);
            }
            for (Format any : Formats.all()) {
                any.recognises(mutant);
            }
            List<Imported> outcomes = format.read(mutant, "s");
            assertThat(outcomes).as(mutant.toString()).isNotEmpty();
            for (Imported outcome : outcomes) {
                check(outcome, mutant);
                refused += outcome instanceof Imported.Refused ? 1 : 0;
                if (outcome instanceof Imported.Graded response) {
                    graded.add(response);
                }
            }
        }
        assertThat(refused).isGreaterThan(MUTANTS / 20);
        if (!graded.isEmpty()) {
            List<Imported.Graded> some = graded.subList(0, Math.min(50, graded.size()));
            List<List<Imported>> compared = format.compare(some, "s");
            assertThat(compared).hasSameSizeAs(some);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void recordsOfOtherFormatsAreRefusedNotThrownAt(Format format) {
        for (Format other : Formats.all()) {
            for (JsonNode record : Fixture.of(other.name()).records()) {
                assertThat(format.read(record, "s"))
                        .as(format.name() + " of " + record)
                        .isNotEmpty();
            }
        }
        for (JsonNode value : List.of(NODES.nullNode(), NODES.arrayNode(), NODES.objectNode(), NODES.textNode("x"))) {
            assertThat(format.read(value, "s"))
                    .as(format.name() + " of " + value)
                    .isNotEmpty();
            assertThat(format.recognises(value)).isFalse();
        }
    }

    @Test
    void aTreeAsDeepAsItLikesIsRead() {
        ObjectNode message = message("assistant", NODES.arrayNode());
        for (int depth = 0; depth < 3000; depth++) {
            message = message(
                    depth % 2 == 0 ? "prompter" : "assistant", NODES.arrayNode().add(message));
        }
        ObjectNode root = message("prompter", NODES.arrayNode().add(message));
        ObjectNode tree = NODES.objectNode().put("message_tree_id", "t").set("prompt", root);
        assertThat(Formats.named("oasst").read(tree, "s")).hasSize(1);
    }

    private static ObjectNode message(String role, ArrayNode replies) {
        return NODES.objectNode().put("role", role).put("text", "x").set("replies", replies);
    }

    private static void check(Imported outcome, JsonNode record) {
        if (outcome instanceof Imported.Preference preference) {
            PreferencePair pair = preference.pair();
            assertThat(pair.chosen()).as(record.toString()).isNotBlank().isNotEqualTo(pair.rejected());
            assertThat(pair.rejected()).isNotBlank();
            pair.prompt().turns().forEach(turn -> {
                assertThat(turn.text()).isNotBlank();
                assertUnicode(turn.text());
            });
            assertUnicode(pair.chosen());
            assertUnicode(pair.rejected());
        } else if (outcome instanceof Imported.Example example) {
            assertThat(example.demonstration().response()).isNotBlank();
            assertUnicode(example.demonstration().response());
        } else if (outcome instanceof Imported.Refused refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }

    private static void assertUnicode(String text) {
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
    }

    /** The node with one change somewhere in it. */
    private static JsonNode mutated(JsonNode node, Random random) {
        if (node.isContainerNode() && !node.isEmpty() && random.nextInt(5) > 0) {
            int chosen = random.nextInt(node.size());
            if (node instanceof ArrayNode array) {
                switch (random.nextInt(8)) {
                    case 0 -> array.remove(chosen);
                    case 1 -> array.add(array.get(chosen).deepCopy());
                    default -> array.set(chosen, mutated(array.get(chosen), random));
                }
            } else if (node instanceof ObjectNode object) {
                Map.Entry<String, JsonNode> field =
                        List.copyOf(object.properties()).get(chosen);
                if (random.nextInt(8) == 0) {
                    object.remove(field.getKey());
                } else {
                    object.set(field.getKey(), mutated(field.getValue(), random));
                }
            }
            return node;
        }
        return switch (random.nextInt(13)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.textNode("");
            case 2 -> NODES.textNode(" \n");
            case 3 -> NODES.textNode("half \ud83d of a pair");
            case 4 -> NODES.numberNode(random.nextInt(4) - 1);
            case 5 -> NODES.numberNode(random.nextGaussian() * 1e12);
            case 6 -> NODES.booleanNode(random.nextBoolean());
            case 7 -> NODES.arrayNode().add(node);
            case 8 -> NODES.objectNode().set("x", node);
            case 9 -> NODES.textNode("<pre>&#xD83D;<blockquote><li>\u0000 &amp; \n\nHuman: x\n\nAssistant: y");
            case 10 -> NODES.numberNode(Double.NaN);
            case 11 -> NODES.textNode("deleted");
            default -> NODES.arrayNode();
        };
    }

    static List<Format> formats() {
        return Formats.all();
    }
}
