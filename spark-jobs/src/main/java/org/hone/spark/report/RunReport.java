package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.run.Checksum;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Together;
import org.hone.spark.stage.Axes;
import org.hone.spark.stage.StageContext;

/** One page about a run of rounds, finished or not, from what its stages left. */
public final class RunReport {
    private static final String NAME = "report.html";

    /** By what the page's scripts call them. */
    private static final Map<String, Section> SECTIONS = new LinkedHashMap<>();

    static {
        SECTIONS.put("gains", PolicyGains::byReward);
        SECTIONS.put("gold", PolicyGains::byGold);
        SECTIONS.put("rewardModels", RewardModelFigures::of);
        SECTIONS.put("curves", CurvePoints::ofCandidates);
        SECTIONS.put("temperatures", CurvePoints::ofTemperatures);
        SECTIONS.put("distributions", RewardDistributions::of);
        SECTIONS.put("scatter", RewardScatter::of);
        SECTIONS.put("lengths", ResponseLengths::of);
        SECTIONS.put("selected", SelectedOrigins::of);
        SECTIONS.put("stages", StageCosts::of);
        SECTIONS.put("samples", ResponseSamples::of);
    }

    private RunReport() {}

    /**
     * Where a run's page is.
     *
     * @param folder the run's folder
     * @return its Hadoop path
     */
    public static String path(RunFolder folder) {
        return folder.path(NAME);
    }

    /**
     * Writes the page. Equal runs have equal pages.
     *
     * @param context Spark, the recipe and the run's folder
     * @throws IOException if a table cannot be read or the page cannot be written
     * @throws IllegalArgumentException if no round has begun
     */
    public static void write(StageContext context) throws IOException {
        ReportedRun run = ReportedRun.of(context);
        if (run.rounds().isEmpty()) {
            throw new IllegalArgumentException(context.folder().path("")
                    + ": no round has begun, so there is nothing to report; hone round or hone quickstart begins one");
        }
        ObjectNode data = about(run);
        List<Together.Work<JsonNode>> sections = new ArrayList<>();
        SECTIONS.forEach((name, section) -> sections.add(() -> {
            context.spark().sparkContext().setJobDescription("report " + name);
            return section.of(run);
        }));
        Iterator<JsonNode> written = Together.of(sections).iterator();
        SECTIONS.keySet().forEach(name -> data.set(name, written.next()));
        String html = Page.html("Hone: " + context.recipe().name(), fingerprint(run), data);
        context.folder().storage().writeText(path(context.folder()), html);
    }

    /**
     * Writes the page unless there is one that was written after the same stages.
     *
     * @param context Spark, the recipe and the run's folder
     * @throws IOException if a table cannot be read or the page cannot be written
     */
    public static void writeIfOutdated(StageContext context) throws IOException {
        Storage storage = context.folder().storage();
        String path = path(context.folder());
        if (!storage.exists(path) || !storage.readText(path).contains(fingerprint(ReportedRun.of(context)))) {
            write(context);
        }
    }

    private static String fingerprint(ReportedRun run) {
        return Checksum.sha256(run.stages() + " " + run.reports());
    }

    private static ObjectNode about(ReportedRun run) {
        ObjectNode about = Json.object().put("name", run.context().recipe().name());
        ArrayNode axes = about.putArray("axes");
        for (Axis axis : run.context().recipe().preferences().axes()) {
            axes.add(Axes.name(axis));
        }
        about.put("rounds", run.rounds().size());
        about.put(
                "temperatureSearch",
                run.context().recipe().rejectionSampling().temperatureSearch().isWanted());
        return about;
    }
}
