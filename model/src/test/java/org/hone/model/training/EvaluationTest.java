package org.hone.model.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Losses without gradients, against the plain padded computation. */
class EvaluationTest {
    private static final LlamaConfig CONFIG =
            new LlamaConfig(23, 16, 20, 2, 4, 2, 4, 32, 1e-5, 10_000, new RopeScaling.None(), false);

    private static List<int[]> rows(Random random, int count) {
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(random.ints(2 + random.nextInt(12), 0, 23).toArray());
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nextTokens(long seed) {
        Random random = new Random(seed);
        List<int[]> rows = rows(random, 4);
        TokenBatch padded = TokenBatch.of(rows, 0);
        PackedBatch packed = PackedBatch.of(rows);
        boolean[] paddedMask = new boolean[padded.ids().length];
        boolean[] packedMask = new boolean[packed.tokens()];
        int next = 0;
        for (int row = 0; row < rows.size(); row++) {
            for (int t = 0; t < rows.get(row).length; t++, next++) {
                packedMask[next] = t > 0 && (t == 1 || random.nextBoolean());
                paddedMask[row * padded.length() + t] = packedMask[next];
            }
        }
        try (Llama model = Llama.initialise(CONFIG, seed, Device.cpu())) {
            double expected = Memory.withoutGradients(() -> Memory.tidy(
                    () -> NextTokenLoss.sum(model, padded, paddedMask).item()));
            MicroBatchSums sums = NextTokenObjective.evaluate(model, packed, packedMask);
            assertThat(sums.loss()).isCloseTo(expected, within(1e-5 * expected));
            assertThat(model.parameters().values()).noneMatch(weight -> weight.hasGradient());
            assertThat(NextTokenObjective.backward(model, packed, packedMask, 1, false)
                            .loss())
                    .as("a training step says the same of the same weights, to the bit")
                    .isEqualTo(sums.loss());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void pairs(long seed) {
        Random random = new Random(seed);
        List<int[]> rows = rows(random, 10);
        float[] margins = {0, 1, 0, 0.5f, 3};
        try (RewardModel model = RewardModel.fromPolicy(Llama.initialise(CONFIG, seed, Device.cpu()), seed)) {
            float[] rewards = Memory.withoutGradients(() ->
                    Memory.tidy(() -> model.rewards(TokenBatch.of(rows, 0)).toFloats()));
            double loss = 0;
            double right = 0;
            for (int pair = 0; pair < margins.length; pair++) {
                double difference = (double) rewards[2 * pair] - rewards[2 * pair + 1];
                loss += Math.log1p(Math.exp(margins[pair] - difference));
                right += difference > 0 ? 1 : 0;
            }
            MicroBatchSums sums = RankingObjective.evaluate(model, PackedBatch.of(rows), margins);
            assertThat(sums.loss()).isCloseTo(loss, within(1e-5 * loss));
            assertThat(sums.correct()).isEqualTo(right);
            assertThat(model.parameters().values()).noneMatch(weight -> weight.hasGradient());
        }
    }
}
