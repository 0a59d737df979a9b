package org.hone.spark.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Byte for byte what TensorBoard writes itself; see reference.py. */
final class EventRecordsTest {
    private static JsonNode reference = new ObjectMapper().createObjectNode();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = Objects.requireNonNull(EventRecordsTest.class.getResourceAsStream("reference.json"))) {
            reference = new ObjectMapper().readTree(in);
        }
    }

    private static byte[] expected(JsonNode event) {
        return HexFormat.of().parseHex(event.get("record").asText());
    }

    private static double wallTime(JsonNode event) {
        return event.get("wall_time").asDouble();
    }

    @Test
    void versionAndStart() {
        JsonNode version = reference.get("version");
        assertThat(EventRecords.version(wallTime(version))).isEqualTo(expected(version));
        JsonNode start = reference.get("start");
        assertThat(EventRecords.start(wallTime(start), start.get("step").asLong()))
                .isEqualTo(expected(start));
        assertThat(EventRecords.start(wallTime(start), 302)).isNotEqualTo(expected(start));
    }

    @Test
    void scalars() {
        assertThat(reference.get("scalars")).hasSize(2);
        for (JsonNode event : reference.get("scalars")) {
            Map<String, Double> values = new LinkedHashMap<>();
            event.get("values")
                    .properties()
                    .forEach(
                            value -> values.put(value.getKey(), value.getValue().asDouble()));
            byte[] record =
                    EventRecords.scalars(wallTime(event), event.get("step").asLong(), values);
            assertThat(record).isEqualTo(expected(event));
            values.replaceAll((tag, value) -> value + 1);
            assertThat(EventRecords.scalars(wallTime(event), event.get("step").asLong(), values))
                    .as("another value is another record with another checksum")
                    .isNotEqualTo(record);
            assertThat(Arrays.copyOf(record, 8)).as("its length").isEqualTo(Arrays.copyOf(expected(event), 8));
        }
    }
}
