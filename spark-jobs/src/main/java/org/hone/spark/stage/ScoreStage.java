package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
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
        // adaptive sampling has asked this round's reward models already
        boolean isScored = context.recipe().rejectionSampling().adaptive().leastGain() != null;
        Dataset<Row> candidates = context.readSoFar(SampleStage.CANDIDATES);
        Fanout.score(
                isScored ? candidates.filter(functions.col("round").lt(context.round())) : candidates,
                RewardModelStage.models(context),
                context.progress(),
                context.inRun(NAME),
                CandidateTable.SCORES,
                context.path(SCORES));
        if (isScored) {
            context.read(SampleStage.SCORES).write().mode(SaveMode.Append).parquet(context.path(SCORES));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Row row :
                context.read(SCORES).groupBy("round").count().orderBy("round").collectAsList()) {
            figures.put("scored of v" + row.getInt(0), row.getLong(1));
        }
        return new StageReport(figures);
    }
}
