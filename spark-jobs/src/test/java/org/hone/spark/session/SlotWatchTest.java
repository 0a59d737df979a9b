package org.hone.spark.session;

import java.time.Duration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.LocalSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(100)
final class SlotWatchTest {
    @LocalSession
    private static SparkSession spark;

    private static void work(String group, int millis) {
        spark.sparkContext().setJobGroup(group, "work", true);
        spark.range(0, 2, 1, 1)
                .map(
                        (MapFunction<Long, Long>) number -> {
                            Thread.sleep(millis);
                            return number;
                        },
                        Encoders.LONG())
                .collectAsList();
    }

    @Test
    void aJobThatLacksSlotsIsEndedAndSaysSo() {
        try (SlotWatch watch = SlotWatch.over(spark.sparkContext(), "three", 3, Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> work("three", 60_000))
                    .hasMessageContaining("3 ranks must run at once, but for 1 s the cluster has offered only 2 slots");
            assertThat(watch.gaveUp()).isTrue();
        }
    }

    @Test
    void oneThatHasThemIsNot() {
        try (SlotWatch watch = SlotWatch.over(spark.sparkContext(), "two", 2, Duration.ZERO)) {
            work("two", 800);
            assertThat(watch.gaveUp()).isFalse();
        }
    }
}
