package org.hone.data.importer.hh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.preference.PreferencePair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Records by hand, each defect as it occurs in the real files. */
class HelpfulHarmlessTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String CONTEXT = "\\n\\nHuman: Hi\\n\\nAssistant: Hello\\n\\nHuman: How much is a loaf?";
    private static final String GOOD = line(CONTEXT + "\\n\\nAssistant: 3 euros.", CONTEXT + "\\n\\nAssistant: No.");

    @Test
    void readsAComparison() {
        PreferencePair pair = pair(GOOD);
        assertThat(pair.prompt().turns())
                .containsExactly(
                        new Turn(Role.USER, "Hi"),
                        new Turn(Role.ASSISTANT, "Hello"),
                        new Turn(Role.USER, "How much is a loaf?"));
        assertThat(pair.chosen()).isEqualTo("3 euros.");
        assertThat(pair.rejected()).isEqualTo("No.");
        assertThat(pair.source()).isEqualTo("hh");
        assertThat(pair.rating()).isNull();
        assertThat(pair.safetyBin()).isNull();
        assertThat(pair.week()).isNull();
        assertThat(pair.annotator()).isNull();
        assertThat(pair.id()).hasSize(32).isEqualTo(pair(GOOD).id());
        assertThat(pair.id())
                .isNotEqualTo(((Imported.Preference) read(GOOD, "other")).pair().id());
    }

    @Test
    void keepsTextAsItIsButTheSpaceOfTheMark() {
        PreferencePair pair = pair(line(
                "\\n\\nHuman:  two spaces \\n\\n\\nAssistant:none\\n Human: not a mark\\nAssistant: nor this \\u2019\\n",
                "\\n\\nHuman:  two spaces \\n\\n\\nAssistant: " + "x"));
        assertThat(pair.prompt().firstUserTurn()).isEqualTo(" two spaces \n");
        assertThat(pair.chosen()).isEqualTo("none\n Human: not a mark\nAssistant: nor this \u2019\n");
        assertThat(pair.rejected()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "MISSING_FIELD | {\"chosen\": \"a\"} | no field 'rejected'",
                "MISSING_FIELD | [] | no JSON object but ARRAY, expected one with the field 'chosen'",
                "MISSING_FIELD | null | no JSON object",
                "WRONG_TYPE | {\"chosen\": \"a\", \"rejected\": null} | 'rejected' is NULL, expected STRING",
                "WRONG_TYPE | {\"chosen\": [\"a\"], \"rejected\": \"b\"} | 'chosen' is ARRAY",
                "INVALID_UNICODE | {\"chosen\": \"\\ud83d\", \"rejected\": \"b\"} | 'chosen' has half of a surrogate pair",
            })
    void brokenRecordsAreRefused(QuarantineReason reason, String line, String detail) {
        assertRefused(line, reason, detail);
    }

    @Test
    void brokenDialoguesAreRefused() {
        QuarantineReason reason = QuarantineReason.NOT_A_DIALOGUE;
        String answer = "\\n\\nAssistant: b";
        assertRefused(line("Human: a", "x"), reason, "chosen begins with 'Human: a', expected '\\n\\nHuman:'");
        assertRefused(line(answer, answer), reason, "chosen begins with '\\n\\nAssistant: b'");
        assertRefused(line("\\n\\nHuman: a" + answer, "\\n\\nHuman: a"), reason, "rejected has a turn of Human");
        assertRefused(
                line("\\n\\nHuman: a\\n\\nAssistant:" + answer, "\\n\\nHuman: a\\n\\nAssistant:\\n\\nAssistant: c"),
                reason,
                "turns 2 and 3 of 3 are both Assistant");
        assertRefused(
                line("\\n\\nHuman: a" + answer + "\\n\\nHuman: c", "\\n\\nHuman: a" + answer + "\\n\\nHuman: d"),
                reason,
                "the last turn is Human's");
    }

    @Test
    void unusableComparisonsAreRefused() {
        String other = "\\n\\nHuman: Hi\\n\\nAssistant: Hello\\n\\nHuman: How much is a roll?";
        String answer = "\\n\\nAssistant: b";
        assertRefused(
                line(CONTEXT + answer, other + "\\n\\nAssistant: c"),
                QuarantineReason.DIFFERING_CONTEXTS,
                "the first 2 turns are the same; chosen has 4 turns and ends with Assistant, rejected has 4");
        assertRefused(
                line(CONTEXT + answer, CONTEXT + answer + "\\n\\nHuman: more"),
                QuarantineReason.DIFFERING_CONTEXTS,
                "rejected has 5 and ends with Human");
        assertRefused(
                line(CONTEXT + answer, CONTEXT + answer),
                QuarantineReason.IDENTICAL_RESPONSES,
                "both responses have the same 1 characters");
        assertRefused(
                line(CONTEXT + answer, CONTEXT + "\\n\\nAssistant: \\n"),
                QuarantineReason.EMPTY_RESPONSE,
                "the rejected response is empty");
        String silent = "\\n\\nHuman: a\\n\\nAssistant:\\n\\nHuman: c\\n\\nAssistant: ";
        assertRefused(
                line(silent + "d", silent + "e"), QuarantineReason.EMPTY_TURN, "turn 2 of 3 (ASSISTANT) is empty");
    }

    @Test
    void aHundredThousandTurnsAreADialogueLikeAnyOther() {
        String turns = "\\n\\nHuman: a\\n\\nAssistant: b".repeat(50_000) + "\\n\\nHuman: c\\n\\nAssistant: ";
        assertThat(pair(line(turns + "d", turns + "e")).prompt().turns()).hasSize(100_001);
    }

    @Test
    void everyReasonHasItsOwnDescription() {
        Set<String> descriptions = new HashSet<>();
        Arrays.stream(QuarantineReason.values()).forEach(reason -> descriptions.add(reason.description()));
        assertThat(descriptions).hasSize(QuarantineReason.values().length).doesNotContain("");
    }

    private static String line(String chosen, String rejected) {
        return "{\"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected + "\"}";
    }

    private static Imported read(String line, String source) {
        try {
            List<Imported> outcomes = new HelpfulHarmless().read(MAPPER.readTree(line), source);
            assertThat(outcomes).hasSize(1);
            return outcomes.get(0);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    private static PreferencePair pair(String line) {
        Imported imported = read(line, "hh");
        assertThat(imported).isInstanceOf(Imported.Preference.class);
        return ((Imported.Preference) imported).pair();
    }

    private static void assertRefused(String line, QuarantineReason reason, String detail) {
        Imported imported = read(line, "hh");
        assertThat(imported).isInstanceOf(Imported.Refused.class);
        Imported.Refused refused = (Imported.Refused) imported;
        assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
        assertThat(refused.detail()).contains(detail);
    }
}
