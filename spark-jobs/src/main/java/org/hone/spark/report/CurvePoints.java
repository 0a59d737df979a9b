package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.TemperatureStage;

/** Maximum, median and mean reward of N responses, of a round's candidates and of its searches for a temperature. */
final class CurvePoints {
    private CurvePoints() {}

    static JsonNode ofCandidates(ReportedRun run) throws IOException {
        Parts.Answer points = ask(run.tables(SelectStage.NAME, round -> round.read(SelectStage.CURVES)));
        return run.byRound(SelectStage.NAME, (round, figures) -> add(figures, points.of(Parts.of(round.round()))));
    }

    static JsonNode ofTemperatures(ReportedRun run) throws IOException {
        Parts.Answer points =
                ask(run.tablesOfPasses(TemperatureStage.NAME, pass -> pass.read(TemperatureStage.CURVES)));
        return run.byPass(TemperatureStage.NAME, (pass, figures) -> {
            add(figures, points.of(Parts.of(pass)));
            figures.set(
                    "chosen",
                    Json.number(run.report(pass, TemperatureStage.NAME).number("temperature")));
        });
    }

    /** A row a temperature and N: as many as the recipe's temperatures and samples a prompt, thinned out. */
    private static Parts.Answer ask(Parts curves) {
        return curves.ask(points -> points.orderBy("temperature", "n"));
    }

    /**
     * Adds the points that are means over all of a temperature's prompts. Where adaptive sampling stopped at some prompts, the points
     * beyond are of the others only, and would show which prompts these are, not what another response brings.
     */
    private static void add(ObjectNode figures, List<Row> points) {
        Map<Double, Long> prompts = new HashMap<>();
        for (Row row : points) {
            long of = row.getAs("prompts");
            if (of < prompts.computeIfAbsent(row.getAs("temperature"), temperature -> of)) {
                continue;
            }
            ObjectNode point = figures.withArray("points").addObject();
            point.set("temperature", Json.number(row.<Double>getAs("temperature")));
            point.put("n", row.<Integer>getAs("n")).put("prompts", of);
            for (String curve : new String[] {"max", "median", "mean"}) {
                point.set(curve, Json.mean(row.<Double>getAs(curve), row.getAs(curve + "_standard_error")));
            }
        }
    }
}
