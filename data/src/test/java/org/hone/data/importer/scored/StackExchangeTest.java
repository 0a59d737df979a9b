package org.hone.data.importer.scored;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.hone.data.importer.Imported;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StackExchangeTest {
    @Test
    void ofManyPairsNeighboursGoFirst() {
        assertThat(pairs(7, 6, 5, 4, 3, 2, 1, 0))
                .containsExactly(
                        "a0>a1", "a1>a2", "a2>a3", "a3>a4", "a4>a5", "a5>a6", "a6>a7", "a0>a2", "a1>a3", "a2>a4")
                .hasSize(StackExchange.MOST_PAIRS);
    }

    @Test
    void theOrderOfTheFileDoesNotMatter() {
        assertThat(pairs(1, 3, 1)).containsExactly("a1>a0", "a1>a2");
        assertThat(pairs(5, 5, 5, 2)).containsExactly("a2>a3", "a1>a3", "a0>a3");
    }

    private static List<String> pairs(int... scores) {
        ObjectNode record = JsonNodeFactory.instance.objectNode().put("qid", 1).put("question", "q");
        ArrayNode answers = record.putArray("answers");
        IntStream.range(0, scores.length)
                .forEach(i -> answers.addObject()
                        .put("answer_id", i)
                        .put("pm_score", scores[i])
                        .put("text", "a" + i));
        return new StackExchange()
                .read(record, "s").stream()
                        .map(outcome -> ((Imported.Preference) outcome).pair())
                        .map(pair -> pair.chosen() + ">" + pair.rejected())
                        .toList();
    }
}
