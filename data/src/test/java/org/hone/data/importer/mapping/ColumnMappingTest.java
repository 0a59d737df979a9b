package org.hone.data.importer.mapping;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.hone.data.prompt.AttackVector;
import org.hone.data.prompt.RiskCategory;
import org.hone.data.prompt.TaggedPrompt;
import org.hone.data.sft.Demonstration;
import org.hone.data.text.TextDocument;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ColumnMappingTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ColumnMapping PAIRS = new ColumnMapping(
            MappingKind.PREFERENCE,
            Map.of(
                    "prompt", "dialogue",
                    "system", "setup.text",
                    "chosen", "answers.0.text",
                    "rejected", "answers.1.text",
                    "rating", "strength",
                    "safety-bin", "bin",
                    "margin", "by",
                    "annotator", "who"),
            Map.of("rating", Map.of("3", "significantly_better", "2", "slightly better")));

    @Test
    void pathsReachIntoTheRecordAndLabelsAreTranslated() throws Exception {
        PreferencePair pair = ((Imported.Preference)
                        read(
                                PAIRS,
                                "{'dialogue': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'},"
                                        + " {'role': 'user', 'content': 'c'}], 'setup': {'text': 'Be kind.'},"
                                        + " 'answers': [{'text': 'x'}, {'text': 'y'}], 'strength': 3, 'bin': 'both-safe', 'by': '0.5', 'who': 7}"))
                .pair();
        assertThat(pair.prompt().turns())
                .containsExactly(
                        new Turn(Role.SYSTEM, "Be kind."),
                        new Turn(Role.USER, "a"),
                        new Turn(Role.ASSISTANT, "b"),
                        new Turn(Role.USER, "c"));
        assertThat(pair.chosen()).isEqualTo("x");
        assertThat(pair.rejected()).isEqualTo("y");
        assertThat(pair.rating()).isEqualTo(Rating.SIGNIFICANTLY_BETTER);
        assertThat(pair.safetyBin()).isEqualTo(SafetyBin.BOTH_SAFE);
        assertThat(pair.margin()).isEqualTo(0.5f);
        assertThat(pair.annotator()).isEqualTo("7");
    }

    @Test
    void whatIsOptionalMayBeAbsent() throws Exception {
        PreferencePair pair = ((Imported.Preference) read(
                        PAIRS,
                        "{'dialogue': 'a', 'answers': [{'text': 'x'}, {'text': 'y'}], 'strength': '', 'bin': null}"))
                .pair();
        assertThat(pair.prompt()).isEqualTo(Dialogue.ofUser("a"));
        assertThat(pair.rating()).isNull();
        assertThat(pair.safetyBin()).isNull();
        assertThat(pair.margin()).isNull();
        assertThat(pair.annotator()).isNull();
    }

    @Test
    void recordsThatDoNotFitAreRefused() throws Exception {
        assertThat(read(PAIRS, "{'dialogue': 'a', 'answers': [{'text': 'x'}]}"))
                .isEqualTo(new Imported.Refused(
                        QuarantineReason.MISSING_FIELD, "the object has no field 'answers.1.text'"));
        assertThat(read(PAIRS, "{'dialogue': 'a', 'answers': [{'text': 'x'}, {'text': 'y'}], 'strength': 9}"))
                .isInstanceOfSatisfying(Imported.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(QuarantineReason.UNKNOWN_VALUE);
                    assertThat(refused.detail())
                            .startsWith("'strength' is '9', expected one of [")
                            .contains("better");
                });
        assertThat(read(PAIRS, "{'dialogue': 'a', 'answers': [{'text': 'x'}, {'text': 4}]}"))
                .isEqualTo(new Imported.Refused(
                        QuarantineReason.WRONG_TYPE, "'answers.1.text' is NUMBER, expected STRING"));
        assertThat(read(PAIRS, "{'dialogue': 'a', 'answers': [{'text': 'x'}, {'text': 'y'}], 'by': -1}"))
                .isEqualTo(new Imported.Refused(
                        QuarantineReason.UNKNOWN_VALUE, "'by' is '-1', expected a number of at least 0"));
        assertThat(read(PAIRS, "{'dialogue': 'a', 'answers': [{'text': 'x'}, {'text': 'y'}], 'by': 'far'}"))
                .isEqualTo(new Imported.Refused(QuarantineReason.WRONG_TYPE, "'by' is 'far', expected a number"));
        assertThat(read(PAIRS, "[]"))
                .isEqualTo(new Imported.Refused(QuarantineReason.MISSING_FIELD, "no JSON object but ARRAY"));
    }

    @Test
    void otherKindsAreReadToo() throws Exception {
        assertThat(read(mapping(MappingKind.SFT, Map.of("prompt", "q", "response", "a.b")), "{'q': 'x', 'a.b': 'y'}"))
                .isEqualTo(new Imported.Example(new Demonstration(Dialogue.ofUser("x"), "y", null)));
        ColumnMapping prompts = new ColumnMapping(
                MappingKind.PROMPT,
                Map.of("prompt", "q", "unsafe", "u", "risk-category", "r", "category", "r", "attack-vector", "v"),
                Map.of("risk-category", Map.of("money", "unqualified_advice")));
        assertThat(read(prompts, "{'q': 'x', 'u': 'yes', 'r': 'money', 'v': 'Logic'}"))
                .isEqualTo(new Imported.Prompt(new TaggedPrompt(
                        Dialogue.ofUser("x"), true, RiskCategory.UNQUALIFIED_ADVICE, "money", AttackVector.LOGIC)));
        assertThat(read(
                        mapping(MappingKind.DOCUMENT, Map.of("text", "t", "url", "m.u")),
                        "{'t': 'x', 'm': {'u': 'y'}}"))
                .isEqualTo(new Imported.Document(new TextDocument("x", "y")));
    }

    @Test
    void aMappingIsCheckedBeforeAnythingIsRead() {
        assertThatThrownBy(() -> mapping(MappingKind.SFT, Map.of("prompt", "a", "response", "b", "chosen", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping.columns.chosen: unknown; kind sft has [prompt, response, system, category]");
        assertThatThrownBy(() -> mapping(MappingKind.PREFERENCE, Map.of("prompt", "a", "chosen", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping.columns.rejected: missing; kind preference needs [prompt, chosen, rejected]");
        assertThatThrownBy(() -> mapping(MappingKind.DOCUMENT, Map.of("text", " ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping.columns.text: the path is empty; name a column of the file");
        assertThatThrownBy(() -> new ColumnMapping(
                        MappingKind.PROMPT,
                        Map.of("prompt", "p", "unsafe", "u"),
                        Map.of("unsafe", Map.of("x", "maybe"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping.values.unsafe.x: 'maybe', allowed are [true, false]");
        assertThatThrownBy(() -> new ColumnMapping(
                        MappingKind.PROMPT, Map.of("prompt", "p"), Map.of("unsafe", Map.of("x", "true"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping.values.unsafe: there is no mapping.columns.unsafe to translate");
        assertThatThrownBy(() -> new ColumnMapping(
                        MappingKind.PROMPT, Map.of("prompt", "p"), Map.of("prompt", Map.of("x", "y"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mapping.values.prompt: only labels have values; allowed are [rating, ");
        assertThatThrownBy(() -> MappingKind.named("pairs"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping.kind: 'pairs', allowed are [preference, sft, prompt, document]");
        assertThat(MappingKind.named("document")).isEqualTo(MappingKind.DOCUMENT);
    }

    @Test
    void aMappingTravelsToExecutors() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(PAIRS);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(PAIRS);
        }
    }

    private static ColumnMapping mapping(MappingKind kind, Map<String, String> columns) {
        return new ColumnMapping(kind, columns, Map.of());
    }

    private static Imported read(ColumnMapping mapping, String json) throws Exception {
        return mapping.read(MAPPER.readTree(json.replace('\'', '"')), "s").get(0);
    }
}
