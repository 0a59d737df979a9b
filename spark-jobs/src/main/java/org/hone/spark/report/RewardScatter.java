package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;

/** Helpfulness against safety of some candidates of all rounds, by the newest models; which ones follows from seed and ids alone. */
final class RewardScatter {
    private static final int MOST = 2000;

    private RewardScatter() {}

    static JsonNode of(ReportedRun run) throws IOException {
        ObjectNode scatter = Json.object();
        Optional<StageContext> newest = run.newest(ScoreStage.NAME);
        if (newest.isPresent()) {
            StageContext round = newest.get();
            Dataset<Row> both = round.read(ScoreStage.SCORES).filter("helpfulness is not null and safety is not null");
            scatter.put("newest", round.round()).put("candidates", both.count());
            Dataset<Row> some = both.orderBy(
                            Columns.shuffled(run.context().recipe().seed(), "id"), functions.col("id"))
                    .limit(MOST)
                    .select("id", "round", "helpfulness", "safety");
            points(scatter.putArray("points"), run, round, some);
        }
        return scatter;
    }

    /** A point is helpfulness, safety, round, whether the prompt is one of safety, whether the newest round selected it. */
    private static void points(ArrayNode points, ReportedRun run, StageContext round, Dataset<Row> some) {
        Dataset<Row> described =
                some.join(round.readSoFar(SampleStage.CANDIDATES).select("id", "is_safety"), "id");
        if (run.isDone(round, SelectStage.NAME)) {
            Dataset<Row> selected =
                    round.read(SelectStage.SELECTED).select("id").withColumn("selected", functions.lit(1));
            described = described.join(selected, new String[] {"id"}, "left");
        } else {
            described = described.withColumn("selected", functions.lit(0));
        }
        for (Row row : described.orderBy("id").collectAsList()) {
            points.addArray()
                    .add(Json.number(row.<Double>getAs("helpfulness")))
                    .add(Json.number(row.<Double>getAs("safety")))
                    .add(row.<Integer>getAs("round"))
                    .add(Boolean.TRUE.equals(row.getAs("is_safety")) ? 1 : 0)
                    .add(Integer.valueOf(1).equals(row.getAs("selected")) ? 1 : 0);
        }
    }
}
