package org.hone.spark.stage;

import java.io.IOException;
import java.util.Map;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;

/** Every candidate's reward (recipe section 7). */
public final class ScoreStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "score";
    /** Where the scored candidates are. */
    public static final Table SCORED = new Table(NAME + "/scored", CandidateTable.SCORED);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        new Fanout(Encodings.of(context), context.progress())
                .score(
                        context.read(SampleStage.CANDIDATES),
                        context.path(RewardModelStage.REWARD_MODEL),
                        context.recipe().rewardModel().ranking().normalise(),
                        NAME,
                        context.path(SCORED));
        long scored = context.read(SCORED).count();
        return new StageReport(Map.of("scored", scored));
    }
}
