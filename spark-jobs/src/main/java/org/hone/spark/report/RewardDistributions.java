package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;

/**
 * How rewards are spread: in each round its candidates and what was selected, by the round's own models; and the candidates of all
 * rounds by the newest models, for rewards of two models are not on one scale.
 */
final class RewardDistributions {
    private static final String NEWEST = "newest";

    private RewardDistributions() {}

    static JsonNode of(ReportedRun run) throws IOException {
        Parts values = run.tables(ScoreStage.NAME, round -> ofRound(run, round));
        Optional<StageContext> newest = run.newest(ScoreStage.NAME);
        newest.ifPresent(round -> values.add(
                NEWEST,
                Histogram.values(round.read(ScoreStage.SCORES), functions.expr("concat('V', round)"), "reward")));
        Histogram histograms = Histogram.of(values);
        ObjectNode all = Json.object();
        all.set(
                "rounds",
                run.byRound(
                        ScoreStage.NAME,
                        (round, figures) -> figures.set("histogram", histograms.json(Parts.of(round.round())))));
        if (newest.isPresent()) {
            all.put("newest", newest.get().round());
            all.set("histogram", histograms.json(NEWEST));
        }
        return all;
    }

    private static Dataset<Row> ofRound(ReportedRun run, StageContext round) {
        Dataset<Row> candidates = Histogram.values(
                round.read(ScoreStage.SCORES).filter(functions.col("round").equalTo(round.round())),
                functions.lit("candidates"),
                "reward");
        return run.isDone(round, SelectStage.NAME)
                ? candidates.unionByName(
                        Histogram.values(round.read(SelectStage.SELECTED), functions.lit("selected"), "reward"))
                : candidates;
    }
}
