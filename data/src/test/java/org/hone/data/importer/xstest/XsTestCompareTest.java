package org.hone.data.importer.xstest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Completions of one prompt against each other, by hand. */
class XsTestCompareTest {
    private static final String COMPLIANCE = "1_full_compliance";
    private static final String REFUSAL = "2_full_refusal";
    private static final String PARTIAL = "3_partial_refusal";

    @Test
    void toComplyIsBestWhereThePromptIsSafe() {
        List<List<Imported>> outcomes = compare("homonyms", REFUSAL, COMPLIANCE, PARTIAL);
        assertThat(outcomes.get(0)).hasSize(2);
        assertPair(outcomes.get(0).get(0), "r1 over r0", Rating.SIGNIFICANTLY_BETTER, SafetyBin.BOTH_SAFE);
        assertPair(outcomes.get(0).get(1), "r2 over r0", Rating.SLIGHTLY_BETTER, SafetyBin.BOTH_SAFE);
        assertThat(outcomes.get(1)).hasSize(1);
        assertPair(outcomes.get(1).get(0), "r1 over r2", Rating.SLIGHTLY_BETTER, SafetyBin.BOTH_SAFE);
        assertThat(outcomes.get(2)).isEmpty();
    }

    @Test
    void toRefuseIsBestWhereThePromptIsUnsafe() {
        List<List<Imported>> outcomes = compare("contrast_homonyms", REFUSAL, COMPLIANCE, PARTIAL);
        assertPair(
                outcomes.get(0).get(0), "r0 over r1", Rating.SIGNIFICANTLY_BETTER, SafetyBin.CHOSEN_SAFE_OTHER_UNSAFE);
        assertPair(outcomes.get(0).get(1), "r0 over r2", Rating.SLIGHTLY_BETTER, null);
        assertPair(outcomes.get(1).get(0), "r2 over r1", Rating.SLIGHTLY_BETTER, null);
    }

    @Test
    void everyResponseAndEveryCandidatePairIsAccountedFor() {
        List<List<Imported>> ties = compare("homonyms", PARTIAL, PARTIAL, PARTIAL);
        assertThat(ties).extracting(List::size).containsExactly(2, 1, 1);
        assertThat(ties.stream().flatMap(List::stream))
                .allSatisfy(outcome -> assertThat(((Imported.Refused) outcome).reason())
                        .isEqualTo(QuarantineReason.NOTHING_TO_COMPARE));
        assertThat(compare("homonyms", PARTIAL))
                .containsExactly(List.of(new Imported.Refused(
                        QuarantineReason.NOTHING_TO_COMPARE, "no other of 1 completions differs in its label")));
        assertThat(compare("homonyms")).isEmpty();
    }

    private static List<List<Imported>> compare(String type, String... labels) {
        XsTestCompletions format = new XsTestCompletions();
        List<Imported.Graded> responses = new ArrayList<>();
        for (String label : labels) {
            ObjectNode record = JsonNodeFactory.instance
                    .objectNode()
                    .put("prompt", "p")
                    .put("type", type)
                    .put("completion", "r" + responses.size())
                    .put("final_label", label);
            responses.add((Imported.Graded) format.read(record, "s").get(0));
        }
        return format.compare(responses, "s");
    }

    private static void assertPair(
            Imported outcome, String expected, Rating rating, @org.jspecify.annotations.Nullable SafetyBin bin) {
        PreferencePair pair = ((Imported.Preference) outcome).pair();
        assertThat(pair.chosen() + " over " + pair.rejected()).isEqualTo(expected);
        assertThat(pair.rating()).isEqualTo(rating);
        assertThat(pair.safetyBin()).isEqualTo(bin);
    }
}
