package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.spark.run.RunFolder;
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
     * Runs what is not done yet, and writes the page.
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
        ResultPage.write(context, reports, through);
        return reports;
    }

    /**
     * Whether the gold reward rose.
     *
     * @param reports the stages' reports
     * @return a sentence a round, with the figures
     */
    public static List<String> verdict(Map<String, StageReport> reports) {
        return ResultPage.verdict(reports);
    }

    /**
     * Where the page is.
     *
     * @param folder the run's folder
     * @return its Hadoop path
     */
    public static String page(RunFolder folder) {
        return folder.path(ResultPage.NAME);
    }
}
