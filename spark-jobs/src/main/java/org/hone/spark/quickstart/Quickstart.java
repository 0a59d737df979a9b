package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.Preflight;
import org.hone.spark.stage.Round;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;

/**
 * Rounds in the small world: what a team brings along (documents, preferences, tokenizer, base model) is made first, then ordinary
 * {@linkplain Round rounds} run, each with new preferences of its week, and after each the world's gold reward judges.
 */
public final class Quickstart {
    private Quickstart() {}

    /**
     * Runs what is not done yet.
     *
     * @param context Spark, the recipe and the run's folder
     * @param size how large the world is
     * @param through the last round
     * @return every stage's report, by name, in order
     * @throws IOException if something cannot be read or written
     */
    public static Map<String, StageReport> run(StageContext context, WorldSize size, int through) throws IOException {
        List<Stage> broughtAlong = List.of(new WorldStage(size), new TokenizerStage(size), new PretrainStage(size));
        Map<String, StageReport> reports = new LinkedHashMap<>(Round.run(context, broughtAlong));
        Preflight.check(context.recipe(), 1, context.spark());
        for (int round = 1; round <= through; round++) {
            List<Stage> stages = new ArrayList<>(Round.stages(context.recipe(), round));
            if (round > 1) {
                stages.add(0, new CollectStage());
            }
            stages.add(new GoldStage());
            reports.putAll(Round.run(context.ofRound(round), stages));
        }
        return reports;
    }
}
