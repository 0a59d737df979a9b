package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.Preflight;
import org.hone.spark.stage.Round;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;

/**
 * A round in the small world: what a team brings along (documents, preferences, tokenizer, base model) is
 * made first, then the ordinary {@link Round} runs, then the world's gold reward judges.
 */
public final class Quickstart {
    private Quickstart() {}

    /**
     * Runs what is not done yet, and writes the page.
     *
     * @param context Spark, the recipe and the run's folder
     * @param size how large the world is
     * @return every stage's report, by name, in order
     * @throws IOException if something cannot be read or written
     */
    public static Map<String, StageReport> run(StageContext context, WorldSize size) throws IOException {
        List<Stage> broughtAlong = List.of(new WorldStage(size), new TokenizerStage(size), new PretrainStage(size));
        Map<String, StageReport> reports = new LinkedHashMap<>(Round.run(context, broughtAlong));
        Preflight.check(context.recipe(), context.spark());
        reports.putAll(Round.run(context, Round.STAGES));
        reports.putAll(Round.run(context, List.of(new GoldStage())));
        if (!context.folder().storage().exists(page(context.folder()))) {
            ResultPage.write(context, reports);
        }
        return reports;
    }

    /**
     * Whether the gold reward rose.
     *
     * @param reports the stages' reports
     * @return one sentence with the figures
     */
    public static String verdict(Map<String, StageReport> reports) {
        return ResultPage.verdict(Objects.requireNonNull(reports.get(GoldStage.NAME), GoldStage.NAME));
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
