package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What the page shows of one subject; it holds what is there, and leaves out what has not come yet. */
interface Section {
    JsonNode of(ReportedRun run) throws IOException;
}
