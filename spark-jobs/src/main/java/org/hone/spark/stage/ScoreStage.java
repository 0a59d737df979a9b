package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;

/**
 * What this round's reward models think of every candidate of this round and of all before it (recipe section 7). The scores of
 * earlier rounds stay where they are.
 */
public final class ScoreStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "score";
    /** The scores, by candidate. */
    public static final Table SCORES = new Table(NAME + "/scores", CandidateTable.SCORES);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        List<Dataset<Row>> known = known(context);
        Dataset<Row> candidates = context.readSoFar(SampleStage.CANDIDATES);
        for (Dataset<Row> scores : known) {
            Dataset<Row> ids = scores.select(functions.col("id").as("known"));
            candidates = candidates.join(ids, functions.expr("id = known"), "left_anti");
        }
        Fanout.score(
                candidates,
                RewardModelStage.models(context),
                context.progress(),
                context.inRun(NAME),
                CandidateTable.SCORES,
                context.path(SCORES));
        for (Dataset<Row> scores : known) {
            scores.write().mode(SaveMode.Append).parquet(context.path(SCORES));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Row row :
                context.read(SCORES).groupBy("round").count().orderBy("round").collectAsList()) {
            figures.put("scored of v" + row.getInt(0), row.getLong(1));
        }
        return new StageReport(figures);
    }

    /** What this round's reward models have scored before: in the pass before this one, and where sampling asked them. */
    private static List<Dataset<Row>> known(StageContext context) {
        List<Dataset<Row>> known = new ArrayList<>();
        if (context.pass() > 1) {
            known.add(context.ofPass(context.pass() - 1).read(SCORES));
        }
        if (context.recipe().rejectionSampling().adaptive().leastGain() != null) {
            known.add(context.read(SampleStage.SCORES));
        }
        return known;
    }
}
