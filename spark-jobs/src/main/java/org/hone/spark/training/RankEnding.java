package org.hone.spark.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How a rank ended, when it is no use to try again.
 *
 * @param rank the rank
 * @param result what it reports; none if it could not end the run
 * @param full what it says of the storage that it found full; empty if another rank did
 */
record RankEnding(
        int rank, @Nullable RankResult result, @Nullable String full) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts can always be written", e);
        }
    }

    static RankEnding parse(String json) {
        try {
            return JSON.readValue(json, RankEnding.class);
        } catch (IOException e) {
            throw new IllegalStateException("a rank reported " + json, e);
        }
    }
}
