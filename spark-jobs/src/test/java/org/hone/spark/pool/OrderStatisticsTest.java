package org.hone.spark.pool;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Expected order statistics against all subsets, and against what a known distribution gives. */
class OrderStatisticsTest {
    @Test
    void equalTheMeanOverAllSubsets() {
        Random random = new Random(5);
        for (int k = 1; k <= 10; k++) {
            double[] rewards = random.doubles(k, -3, 3)
                    .map(x -> Math.rint(x * 2) / 2)
                    .sorted()
                    .toArray();
            OrderStatistics statistics = new OrderStatistics(rewards);
            for (int n = 1; n <= k; n++) {
                double max = 0;
                double median = 0;
                int subsets = 0;
                for (int mask = 0; mask < 1 << k; mask++) {
                    if (Integer.bitCount(mask) == n) {
                        double[] subset = subset(rewards, mask);
                        max += subset[n - 1];
                        median += (subset[(n - 1) / 2] + subset[n / 2]) / 2;
                        subsets++;
                    }
                }
                assertThat(statistics.max(n)).as("max of %s of %s", n, k).isCloseTo(max / subsets, within(1e-12));
                assertThat(statistics.median(n)).isCloseTo(median / subsets, within(1e-12));
            }
            assertThat(new Rewards(rewards).mean()).isCloseTo(statistics.max(1), within(1e-12));
        }
    }

    private static double[] subset(double[] all, int mask) {
        double[] subset = new double[Integer.bitCount(mask)];
        int next = 0;
        for (int i = 0; i < all.length; i++) {
            if ((mask >> i & 1) == 1) {
                subset[next++] = all[i];
            }
        }
        return subset;
    }

    /** Of uniform numbers the best of N is N / (N + 1) on average, whatever K it is estimated from. */
    @Test
    void theEstimateHasNoBias() {
        Random random = new Random(7);
        int prompts = 4_000;
        for (int k : new int[] {8, 100}) {
            double[] best = new double[k + 1];
            for (int p = 0; p < prompts; p++) {
                OrderStatistics statistics =
                        new OrderStatistics(random.doubles(k).sorted().toArray());
                for (int n = 1; n <= k; n++) {
                    best[n] += statistics.max(n) / prompts;
                }
            }
            for (int n = 1; n <= k; n++) {
                assertThat(best[n]).as("best of %s of %s", n, k).isCloseTo(n / (n + 1.0), within(0.012));
            }
            // negative control: the best of all is not taken for the best of a few
            assertThat(best[k] - best[k / 2]).isGreaterThan(1.0 / (k + 2) / 2);
        }
    }

    @Test
    void manyResponsesStayNumbers() {
        double[] rewards = new Random(1).doubles(4_096).sorted().toArray();
        OrderStatistics statistics = new OrderStatistics(rewards);
        assertThat(statistics.max(4_096)).isCloseTo(rewards[4_095], within(1e-9));
        assertThat(statistics.median(1_024)).isCloseTo(Arrays.stream(rewards).sum() / 4_096, within(0.02));
    }

    @Test
    void refusesWhatIsNotKnown() {
        OrderStatistics three = new OrderStatistics(new double[] {1, 2, 3});
        assertThatThrownBy(() -> three.max(4)).hasMessage("the best of 4 of 3 responses is not known");
        assertThatThrownBy(() -> three.median(0)).hasMessage("the best of 0 of 3 responses is not known");
        assertThatThrownBy(() -> new OrderStatistics(new double[0])).hasMessageContaining("without rewards");
        assertThatThrownBy(() -> new OrderStatistics(new double[] {2, 1})).hasMessageContaining("must ascend");
        assertThatThrownBy(() -> new OrderStatistics(new double[] {1, Double.NaN}))
                .hasMessageContaining("must ascend");
    }
}
