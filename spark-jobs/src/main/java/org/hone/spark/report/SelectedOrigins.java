package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.stage.SelectStage;

/** What a round selected, by the round that had sampled it. */
final class SelectedOrigins {
    private SelectedOrigins() {}

    static JsonNode of(ReportedRun run) throws IOException {
        Parts.Answer origins = run.tables(
                        SelectStage.NAME,
                        round -> round.read(SelectStage.SELECTED).select("round", "prompt_id", "reward"))
                .ask(selected -> selected.groupBy(Parts.PART, "round")
                        .agg(
                                functions.count("*").as("n"),
                                functions.countDistinct("prompt_id").as("prompts"),
                                functions.avg("reward").as("reward"))
                        .orderBy("round"));
        return run.byRound(SelectStage.NAME, (round, figures) -> {
            long all = 0;
            for (Row row : origins.of(Parts.of(round.round()))) {
                all += row.<Long>getAs("n");
                ObjectNode origin = figures.withArray("origins")
                        .addObject()
                        .put("round", row.<Integer>getAs("round"))
                        .put("n", row.<Long>getAs("n"))
                        .put("prompts", row.<Long>getAs("prompts"));
                origin.set("reward", Json.number(row.<Double>getAs("reward")));
            }
            figures.put("selected", all);
        });
    }
}
