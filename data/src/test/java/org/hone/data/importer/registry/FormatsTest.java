package org.hone.data.importer.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.hone.data.importer.Format;
import org.hone.data.importer.Imported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every format against a fixture written by hand, and the detection of each. */
class FormatsTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @ParameterizedTest
    @MethodSource("names")
    void recordsBecomeWhatWasWrittenByHand(String name) {
        Format format = Formats.named(name);
        Fixture fixture = Fixture.of(name);
        assertThat(fixture.records()).isNotEmpty().hasSameSizeAs(fixture.expected());
        for (int i = 0; i < fixture.records().size(); i++) {
            List<Imported> outcomes = format.read(fixture.records().get(i), "s");
            assertSame(
                    name + " record " + i,
                    Fixture.rendered(outcomes),
                    fixture.expected().get(i));
            assertThat(format.read(fixture.records().get(i), "s")).isEqualTo(outcomes);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFixtureThatSaysOtherwiseFails(String name) {
        Fixture fixture = Fixture.of(name);
        ArrayNode outcomes =
                Fixture.rendered(Formats.named(name).read(fixture.records().get(0), "s"));
        ArrayNode altered = fixture.expected().get(0).deepCopy();
        ObjectNode outcome = (ObjectNode) altered.get(altered.size() - 1);
        String field = outcome.fieldNames().next();
        outcome.put(field, "something else");
        assertThatThrownBy(() -> assertSame(name, outcomes, altered))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("something else");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyFixtureIsRecognisedByItsOwnFormatAlone(String name) {
        for (JsonNode record : Fixture.of(name).records()) {
            assertThat(Formats.all().stream().filter(format -> format.recognises(record)))
                    .as(record.toString())
                    .extracting(Format::name)
                    .isSubsetOf(name);
        }
        assertThat(Formats.detect(Fixture.of(name).records()).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void idsNameSourceAndAnnotator(String name) {
        for (JsonNode record : Fixture.of(name).records()) {
            List<Imported> outcomes = Formats.named(name).read(record, "s");
            List<Imported> others = Formats.named(name).read(record, "other");
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof Imported.Preference pair) {
                    assertThat(pair.pair().source()).isEqualTo("s");
                    assertThat(pair.pair().id())
                            .isNotEqualTo(
                                    ((Imported.Preference) others.get(i)).pair().id());
                }
            }
        }
    }

    @Test
    void twoAnnotatorsWhoAgreeMadeTwoComparisons() throws Exception {
        String task = "{'data': {'prompt': 'p', 'left': 'a', 'right': 'b'}, 'annotations': ["
                + "{'completed_by': 1, 'result': [{'type': 'pairwise', 'value': {'selected': 'left'}}]},"
                + "{'completed_by': 2, 'result': [{'type': 'pairwise', 'value': {'selected': 'left'}}]},"
                + "{'completed_by': 2, 'result': [{'type': 'pairwise', 'value': {'selected': 'left'}}]}]}";
        List<String> ids = Formats.named("label-studio").read(json(task), "s").stream()
                .map(outcome -> ((Imported.Preference) outcome).pair().id())
                .toList();
        assertThat(ids.get(0)).isNotEqualTo(ids.get(1));
        assertThat(ids.get(1)).isEqualTo(ids.get(2));
    }

    @Test
    void namesAreUniqueAndAnUnknownOneListsThem() {
        assertThat(Formats.all()).extracting(Format::name).doesNotHaveDuplicates();
        assertThatThrownBy(() -> Formats.named("hh"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("format: no format 'hh'; known are " + names() + "; other files need a column mapping");
    }

    @Test
    void anUnknownFileSaysWhatWasSeenAndWhatIsNear() throws Exception {
        assertThatThrownBy(() -> Formats.detect(List.of(json("{'history': 'h', 'human_ref_A': 'a', 'score': 1}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("format: no format recognises the first 1 records, which have the fields "
                        + "[history, human_ref_A, score]; nearest are shp (no 'human_ref_B', no 'labels')")
                .hasMessageEndingWith(", or a column mapping");
        assertThatThrownBy(() -> Formats.detect(List.of(json("[1, 2]"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which have no fields (some are no JSON objects); nearest are none");
        assertThatThrownBy(() -> Formats.detect(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("format: the file has no record to tell it by; give --format");
    }

    @Test
    void aFileOfTwoFormatsIsAnError() throws Exception {
        assertThatThrownBy(() -> Formats.detect(List.of(
                        json("{'instruction': 'i', 'input': '', 'output': 'o', 'context': '', 'response': 'r'}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("format: the first 1 records, which have the fields [instruction, input, output, context, "
                        + "response], could be any of [alpaca, dolly]; give --format");
    }

    @Test
    void oneBrokenRecordDoesNotHideAFormat() throws Exception {
        JsonNode good = json("{'question': 'q', 'answer': 'a'}");
        assertThat(Formats.detect(List.of(json("{'question': 'q'}"), good, good))
                        .name())
                .isEqualTo("gsm8k");
    }

    static List<String> names() {
        return Formats.all().stream().map(Format::name).toList();
    }

    private static JsonNode json(String text) throws Exception {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    /** Equal in every field, but for a refusal's detail, of which the fixture states a part. */
    private static void assertSame(String name, ArrayNode actual, JsonNode expected) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            ObjectNode outcome = (ObjectNode) actual.get(i);
            JsonNode stated = expected.get(i);
            if (stated.has("refused")) {
                assertThat(outcome.path("detail").asText())
                        .as(name + " outcome " + i + ": " + outcome)
                        .contains(stated.path("detail").asText())
                        .isNotEmpty();
                outcome.set("detail", stated.path("detail"));
            }
            assertThat(outcome).as(name + " outcome " + i).isEqualTo(stated);
        }
    }
}
