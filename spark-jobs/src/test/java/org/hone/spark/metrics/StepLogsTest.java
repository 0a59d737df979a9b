package org.hone.spark.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.hone.spark.fixture.Lifetime;
import org.hone.spark.fixture.ObjectFiles;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The table and TensorBoard's files of a run that is killed and goes on. */
final class StepLogsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static Storage storage() {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.objects.impl", ObjectFiles.class.getName());
        return new Storage(hadoop);
    }

    /** The loss tells which attempt took the step. */
    private static StepMetrics step(long step, int attempt, @Nullable Double accuracy) {
        HeldOutMetrics heldOut = accuracy == null ? null : new HeldOutMetrics(step, 0.625, accuracy - 0.25);
        return new StepMetrics(step, 1, attempt, accuracy, 1.5, 1e-4, 640, 0.25, 0.9, heldOut);
    }

    private List<JsonNode> rows() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("metrics"))) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    rows.add(JSON.readTree(line));
                }
            }
        }
        return rows;
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    /** Attempts of random lengths, each killed without a word; the last one ends. */
    @ParameterizedTest
    @ValueSource(strings = {"file:", "objects:"})
    void noStepIsThereTwiceOrMissing(String scheme) throws IOException {
        Lifetime.live();
        Random random = new Random(7);
        long done = 0;
        int attempt = 0;
        List<Integer> attemptOf = new ArrayList<>();
        while (done < 3_500) {
            attempt++;
            MetricsTable table = MetricsTable.open(storage(), scheme + folder.resolve("metrics"), done);
            EventLog events = EventLog.open(storage(), scheme + folder.resolve("events"), done);
            long checkpoint = Math.min(3_500, done + 1 + random.nextInt(900));
            long killed = checkpoint == 3_500 ? checkpoint : checkpoint + random.nextInt(1_200);
            for (long step = done + 1; step <= killed; step++) {
                table.add(step(step, attempt, null));
                events.add(step(step, attempt, null));
                if (step == checkpoint || random.nextInt(300) == 0) {
                    table.write();
                    events.commit();
                }
                if (step <= checkpoint) {
                    attemptOf.add(attempt);
                }
            }
            done = checkpoint;
        }
        assertThat(attempt).as("attempts").isGreaterThan(5);
        assertThat(rows()).extracting(row -> row.get("step").asLong()).isEqualTo(upTo(3_500));
        assertThat(rows()).extracting(row -> row.get("loss").asInt()).isEqualTo(attemptOf);
        assertThat(EventFiles.steps(folder.resolve("events"))).isEqualTo(upTo(3_500));
        try (Stream<Path> files = Files.list(folder.resolve("metrics"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactly(
                            "steps-000000000001.jsonl",
                            "steps-000000001001.jsonl",
                            "steps-000000002001.jsonl",
                            "steps-000000003001.jsonl");
        }
    }

    @Test
    void aRowHasEveryFigureAndAnAccuracyWhereThereIsOne() throws IOException {
        MetricsTable table =
                MetricsTable.open(storage(), folder.resolve("metrics").toString(), 0);
        table.add(step(1, 3, null));
        table.add(step(2, 3, 0.75));
        table.write();
        assertThat(Files.readAllLines(folder.resolve("metrics/steps-000000000001.jsonl")))
                .containsExactly(
                        "{\"step\":1,\"epoch\":1,\"loss\":3.0,\"gradient_norm\":1.5,\"learning_rate\":1.0E-4,"
                                + "\"tokens\":640,\"seconds\":0.25,\"compute_share\":0.9}",
                        "{\"step\":2,\"epoch\":1,\"loss\":3.0,\"accuracy\":0.75,\"gradient_norm\":1.5,"
                                + "\"learning_rate\":1.0E-4,\"tokens\":640,\"seconds\":0.25,\"compute_share\":0.9,"
                                + "\"held_out_loss\":0.625,\"held_out_accuracy\":0.5}");
    }

    @Test
    void aRunFromTheStartForgetsAnOlderOne() throws IOException {
        for (int attempt = 1; attempt <= 2; attempt++) {
            MetricsTable table =
                    MetricsTable.open(storage(), folder.resolve("metrics").toString(), 0);
            try (EventLog events =
                    EventLog.open(storage(), folder.resolve("events").toString(), 0)) {
                for (long step = 1; step <= 10 - attempt; step++) {
                    table.add(step(step, attempt, null));
                    events.add(step(step, attempt, null));
                }
            }
            table.write();
        }
        assertThat(rows()).extracting(row -> row.get("step").asLong()).isEqualTo(upTo(8));
        assertThat(EventFiles.steps(folder.resolve("events"))).isEqualTo(upTo(8));
    }

    @Test
    void whatWasFlushedCanBeReadWhileTheRunGoesOn() throws IOException {
        try (EventLog events = EventLog.open(storage(), folder.resolve("events").toString(), 0)) {
            events.add(step(1, 1, 0.5));
            events.flush();
            assertThat(EventFiles.steps(folder.resolve("events"))).containsExactly(1L);
            assertThat(EventFiles.files(folder.resolve("events"))).hasSize(1);
        }
    }

    @Test
    void anAlteredTableIsNamed() throws IOException {
        Path file = folder.resolve("metrics/steps-000000000001.jsonl");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"step\": 1}\n{\"step\n");
        assertThatThrownBy(() ->
                        MetricsTable.open(storage(), folder.resolve("metrics").toString(), 5))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("metrics/steps-000000000001.jsonl: ")
                .hasMessageContaining("the table was altered: delete its folder to begin another");
    }
}
