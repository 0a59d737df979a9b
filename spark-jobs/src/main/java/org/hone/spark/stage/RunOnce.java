package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a stage's work unless it is done: what an interrupted attempt left is cleared, but for what the next goes on from. */
final class RunOnce {
    private static final Logger LOG = LoggerFactory.getLogger(RunOnce.class);

    /** A stage's work. */
    interface Work {
        StageReport run() throws IOException;
    }

    private RunOnce() {}

    /**
     * Does it, says how long it took, and commits it.
     *
     * @param checkpoints what the next attempt goes on from, deleted when the stage is done; names in its folder
     * @param kept what else is not cleared, and stays
     */
    static StageReport of(
            SparkSession spark, RunFolder folder, String stage, List<String> checkpoints, List<String> kept, Work work)
            throws IOException {
        if (folder.isDone(stage)) {
            return done(folder, stage, checkpoints);
        }
        LOG.info("{}: started", stage);
        long started = System.nanoTime();
        spark.sparkContext().setJobDescription(stage);
        folder.clear(stage, Stream.concat(checkpoints.stream(), kept.stream()).toList());
        Map<String, Object> figures = new LinkedHashMap<>(work.run().figures());
        figures.put("seconds", Math.round((System.nanoTime() - started) / 1e8) / 10.0);
        folder.commit(stage, new StageReport(figures));
        delete(folder, stage, checkpoints);
        spark.sparkContext().setJobDescription(null);
        LOG.info("{}: done in {} s", stage, figures.get("seconds"));
        return folder.report(stage);
    }

    /** What a stage that is done reported. */
    static StageReport done(RunFolder folder, String stage, List<String> checkpoints) throws IOException {
        LOG.info("{}: done already", stage);
        // they are there if the one who finished was killed before it had cleared up
        delete(folder, stage, checkpoints);
        return folder.report(stage);
    }

    private static void delete(RunFolder folder, String stage, List<String> checkpoints) throws IOException {
        for (String name : checkpoints) {
            folder.storage().delete(folder.path(stage + "/" + name));
        }
    }
}
