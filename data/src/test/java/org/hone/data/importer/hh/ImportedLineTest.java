package org.hone.data.importer.hh;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.hh.ImportedLine.Pair;
import org.hone.data.importer.hh.ImportedLine.Quarantined;
import org.hone.data.preference.PreferencePair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Lines by hand, each defect as it occurs in the real files. */
class ImportedLineTest {
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
                .isNotEqualTo(((Pair) ImportedLine.parse(GOOD, "other")).pair().id());
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
                "MALFORMED_JSON | {\"chosen\": \"a\" | Unexpected end-of-input",
                "MALFORMED_JSON | {\"chosen\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"} | Duplicate",
                "MALFORMED_JSON | {\"chosen\": \"a\", \"rejected\": \"c\"} {} | Trailing token",
                "MALFORMED_JSON | {'chosen': 'a'} | Unexpected character",
                "MALFORMED_JSON | {\"chosen\": \"a\tb\", \"rejected\": \"c\"} | Illegal unquoted character",
                "MISSING_FIELD | {\"chosen\": \"a\"} | no field 'rejected'",
                "MISSING_FIELD | [] | no JSON object",
                "MALFORMED_JSON | `` | the line is empty",
                "MISSING_FIELD | null | no JSON object",
                "WRONG_TYPE | {\"chosen\": \"a\", \"rejected\": null} | 'rejected' is NULL",
                "WRONG_TYPE | {\"chosen\": [\"a\"], \"rejected\": \"b\"} | 'chosen' is ARRAY",
                "INVALID_UNICODE | {\"chosen\": \"\\ud83d\", \"rejected\": \"b\"} | 'chosen' has half of a surrogate pair",
            })
    void brokenLinesGoToQuarantine(QuarantineReason reason, String line, String detail) {
        assertQuarantined(line, reason, detail);
    }

    @Test
    void brokenDialoguesGoToQuarantine() {
        QuarantineReason reason = QuarantineReason.NOT_A_DIALOGUE;
        String answer = "\\n\\nAssistant: b";
        assertQuarantined(line("Human: a", "x"), reason, "chosen begins with 'Human: a', expected '\\n\\nHuman:'");
        assertQuarantined(line(answer, answer), reason, "chosen begins with '\\n\\nAssistant: b'");
        assertQuarantined(line("\\n\\nHuman: a" + answer, "\\n\\nHuman: a"), reason, "rejected has a turn of Human");
        assertQuarantined(
                line("\\n\\nHuman: a\\n\\nAssistant:" + answer, "\\n\\nHuman: a\\n\\nAssistant:\\n\\nAssistant: c"),
                reason,
                "turns 2 and 3 of 3 are both Assistant");
        assertQuarantined(
                line("\\n\\nHuman: a" + answer + "\\n\\nHuman: c", "\\n\\nHuman: a" + answer + "\\n\\nHuman: d"),
                reason,
                "the last turn is Human's");
    }

    @Test
    void unusableComparisonsGoToQuarantine() {
        String other = "\\n\\nHuman: Hi\\n\\nAssistant: Hello\\n\\nHuman: How much is a roll?";
        String answer = "\\n\\nAssistant: b";
        assertQuarantined(
                line(CONTEXT + answer, other + "\\n\\nAssistant: c"),
                QuarantineReason.DIFFERING_CONTEXTS,
                "the first 2 turns are the same; chosen has 4 turns and ends with Assistant, rejected has 4");
        assertQuarantined(
                line(CONTEXT + answer, CONTEXT + answer + "\\n\\nHuman: more"),
                QuarantineReason.DIFFERING_CONTEXTS,
                "rejected has 5 and ends with Human");
        assertQuarantined(
                line(CONTEXT + answer, CONTEXT + answer),
                QuarantineReason.IDENTICAL_RESPONSES,
                "both responses have the same 1 characters");
        assertQuarantined(
                line(CONTEXT + answer, CONTEXT + "\\n\\nAssistant: \\n"),
                QuarantineReason.EMPTY_RESPONSE,
                "the rejected response is empty");
        String silent = "\\n\\nHuman: a\\n\\nAssistant:\\n\\nHuman: c\\n\\nAssistant: ";
        assertQuarantined(
                line(silent + "d", silent + "e"), QuarantineReason.EMPTY_TURN, "turn 2 of 3 (Assistant) is empty");
    }

    @Test
    void bytesThatAreNotUtf8GoToQuarantine() {
        byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
        assertThat(ImportedLine.parse(bytes, "hh")).isEqualTo(ImportedLine.parse(GOOD, "hh"));
        bytes[20] = (byte) 0xE9;
        Quarantined line = (Quarantined) ImportedLine.parse(bytes, "hh");
        assertThat(line.reason()).isEqualTo(QuarantineReason.INVALID_UNICODE);
        assertThat(line.detail()).startsWith("the bytes are not UTF-8");
    }

    @Test
    void aLongLineIsKeptInPart() {
        String line = "\ud83d\ude80".repeat(5000);
        Quarantined quarantined = (Quarantined) ImportedLine.parse("x" + line, "hh");
        assertThat(quarantined.raw()).startsWith("x\ud83d\ude80").endsWith("\ude80… (10001 characters in all)");
        assertThat(quarantined.raw()).hasSizeLessThan(4200);
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

    private static PreferencePair pair(String line) {
        ImportedLine imported = ImportedLine.parse(line, "hh");
        assertThat(imported).isInstanceOf(Pair.class);
        return ((Pair) imported).pair();
    }

    private static void assertQuarantined(String line, QuarantineReason reason, String detail) {
        ImportedLine imported = ImportedLine.parse(line, "hh");
        assertThat(imported).isInstanceOf(Quarantined.class);
        Quarantined quarantined = (Quarantined) imported;
        assertThat(quarantined.reason()).as(quarantined.detail()).isEqualTo(reason);
        assertThat(quarantined.detail()).contains(detail);
        assertThat(quarantined.raw()).isEqualTo(line);
    }
}
