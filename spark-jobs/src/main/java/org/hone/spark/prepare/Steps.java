package org.hone.spark.prepare;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.spark.run.Checksum;
import org.hone.spark.run.StageReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps that are done once for the same input. What a step was made from, and what it reports, stands in its marker, which
 * is deleted before the step changes anything and written when all of it is there.
 */
final class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);
    private static final String MARKER = "/_done.json";
    private static final String INPUTS = "inputs_sha256";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Steps() {}

    /** What a step does. */
    interface Work {
        StageReport run() throws IOException;
    }

    /**
     * Does a step, unless it was done with the same inputs.
     *
     * @param folder the data folder
     * @param step the step's folder
     * @param inputs everything that the result depends on, as text
     * @param work what to do
     * @return what the step reports, now or when it was done
     */
    static StageReport once(DataFolder folder, String step, String inputs, Work work) throws IOException {
        String marker = folder.path(step + MARKER);
        String sha256 = Checksum.sha256(inputs);
        if (folder.storage().exists(marker)) {
            Map<String, Object> done = figures(folder, step);
            if (sha256.equals(done.remove(INPUTS))) {
                LOG.info("{}: done already", step);
                return new StageReport(done);
            }
            folder.storage().delete(marker);
        }
        LOG.info("{}: started", step);
        long started = System.nanoTime();
        Map<String, Object> figures = new LinkedHashMap<>(work.run().figures());
        figures.put("seconds", Math.round((System.nanoTime() - started) / 1e8) / 10.0);
        Map<String, Object> marked = new LinkedHashMap<>(figures);
        marked.put(INPUTS, sha256);
        folder.storage().writeText(marker, JSON.writeValueAsString(marked) + "\n");
        return new StageReport(figures);
    }

    /** A step's marker as text, for the step that goes on from it; if there is none, the command that makes it is named. */
    static String state(DataFolder folder, String step, String command) throws IOException {
        String marker = folder.path(step + MARKER);
        if (!folder.storage().exists(marker)) {
            throw new IllegalArgumentException(folder.path(step) + ": " + step + " is not done; run hone " + command
                    + " with the same recipe and folder first, or hone prepare for all steps");
        }
        return String.valueOf(figures(folder, step).get(INPUTS));
    }

    /** Whether a step was done, and with these inputs: what is there is what would be made now. */
    static boolean isDone(DataFolder folder, String step, String inputs) throws IOException {
        return folder.storage().exists(folder.path(step + MARKER))
                && Checksum.sha256(inputs).equals(figures(folder, step).get(INPUTS));
    }

    private static Map<String, Object> figures(DataFolder folder, String step) throws IOException {
        return JSON.readValue(
                folder.storage().readText(folder.path(step + MARKER)),
                new TypeReference<LinkedHashMap<String, Object>>() {});
    }
}
