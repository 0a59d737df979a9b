package org.hone.model.loss;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.LogProbs;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class NextTokenLossTest {
    private static final List<int[]> ROWS = List.of(new int[] {1, 5, 9, 3, 7}, new int[] {2, 8, 4}, new int[] {6, 1});

    private static LlamaConfig config(boolean tied) {
        return new LlamaConfig(11, 8, 12, 2, 4, 2, 4, 16, 1e-5, 10000, new RopeScaling.None(), tied);
    }

    private static Llama model(boolean tied, DataType dataType) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        try (Llama small = Llama.initialise(config(tied), 3, Device.cpu())) {
            Memory.withoutGradients(() -> Memory.tidy(() -> small.parameters()
                    .forEach((name, weight) -> weights.put(
                            name,
                            (weight.rank() > 1 ? weight.mul(20) : weight.mul(1.1))
                                    .to(dataType)
                                    .keep()))));
        }
        return new Llama(config(tied), weights);
    }

    /** Everything but first tokens and padding. */
    private static boolean[] trained(TokenBatch batch) {
        boolean[] trained = new boolean[batch.ids().length];
        for (int i = 0; i < trained.length; i++) {
            int token = i % batch.length();
            trained[i] = token > 0 && token < batch.lengths()[i / batch.length()];
        }
        return trained;
    }

    private static double loss(Llama model, TokenBatch batch, boolean[] trained) {
        return Memory.withoutGradients(
                () -> Memory.tidy(() -> NextTokenLoss.sum(model, batch, trained).item()));
    }

    @Test
    void isMinusTheSumOfLogProbabilities() {
        try (Llama model = model(true, DataType.FLOAT32)) {
            TokenBatch batch = TokenBatch.of(ROWS, 0);
            double sum = 0;
            for (float[] row : LogProbs.of(model, batch)) {
                for (float logProb : row) {
                    sum -= logProb;
                }
            }
            assertThat(loss(model, batch, trained(batch))).isEqualTo(sum, within(1e-5));
            assertThat(NextTokenLoss.count(batch, trained(batch))).isEqualTo(4 + 2 + 1);
        }
    }

    /** A sum over thousands of tokens in 16 bits would lose them one by one. */
    @Test
    void halfPrecisionIsAddedUpInSinglePrecision() {
        try (Llama model = model(true, DataType.BFLOAT16)) {
            TokenBatch batch = TokenBatch.of(ROWS, 0);
            Memory.withoutGradients(() -> Memory.tidy(() -> assertThat(
                            NextTokenLoss.sum(model, batch, trained(batch)).dataType())
                    .isEqualTo(DataType.FLOAT32)));
        }
    }

    /** Rows alone and rows together, in one mask or in two: the sums agree. */
    @Test
    void sumsAddUpOverRowsAndMasks() {
        try (Llama model = model(false, DataType.FLOAT64)) {
            TokenBatch batch = TokenBatch.of(ROWS, 0);
            boolean[] all = trained(batch);
            double whole = loss(model, batch, all);
            double rows = 0;
            for (int[] row : ROWS) {
                TokenBatch alone = TokenBatch.of(List.<int[]>of(row), 0);
                rows += loss(model, alone, trained(alone));
            }
            assertThat(rows).isEqualTo(whole, within(1e-10));
            boolean[] some = all.clone();
            boolean[] others = all.clone();
            for (int i = 0; i < all.length; i++) {
                some[i] &= i % 2 == 0;
                others[i] &= i % 2 != 0;
            }
            assertThat(loss(model, batch, some) + loss(model, batch, others)).isEqualTo(whole, within(1e-10));
            assertThat(loss(model, batch, some)).isGreaterThan(0.1);
        }
    }

    @Test
    void nothingTrainedIsZeroAndStillHasGradients() {
        try (Llama model = model(false, DataType.FLOAT32)) {
            TokenBatch batch = TokenBatch.of(ROWS, 0);
            Memory.tidy(() -> {
                Tensor loss = NextTokenLoss.sum(model, batch, new boolean[batch.ids().length]);
                assertThat(loss.item()).isZero();
                loss.backward();
                model.parameters()
                        .values()
                        .forEach(weight ->
                                assertThat(weight.gradient().toFloats()).containsOnly(0));
            });
        }
    }

    /** Every kind of weight: the slope of the loss by single numbers, by central differences in double precision. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsAreSlopes(boolean tied) {
        Random random = new Random(5);
        try (Llama model = model(tied, DataType.FLOAT64)) {
            TokenBatch batch = TokenBatch.of(ROWS, 0);
            boolean[] trained = trained(batch);
            Memory.tidy(() -> NextTokenLoss.sum(model, batch, trained).backward());
            model.parameters().forEach((name, weight) -> {
                long index = random.nextInt((int) weight.elements());
                double gradient = Memory.tidy(
                        () -> weight.gradient().view(-1).select(0, index).item());
                double step = 1e-5;
                nudge(weight, index, step);
                double above = loss(model, batch, trained);
                nudge(weight, index, -2 * step);
                double below = loss(model, batch, trained);
                nudge(weight, index, step);
                assertThat(gradient).as(name).isEqualTo((above - below) / (2 * step), within(1e-7));
            });
        }
    }

    private static void nudge(Tensor weight, long index, double step) {
        Memory.tidy(() -> InPlace.add(weight.detach().view(-1).select(0, index), step));
    }

    @Test
    void masksThatCannotBeAreRefused() {
        TokenBatch batch = TokenBatch.of(ROWS, 0);
        boolean[] first = new boolean[15];
        first[5] = true;
        assertThatThrownBy(() -> NextTokenLoss.count(batch, first))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "row 1, token 0: the first token has nothing before it to predict it; it cannot be trained");
        boolean[] padding = new boolean[15];
        padding[8] = true;
        assertThatThrownBy(() -> NextTokenLoss.count(batch, padding))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1, token 3: padding; it cannot be trained");
        assertThatThrownBy(() -> NextTokenLoss.count(batch, new boolean[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a mask of 3 for a batch of 15 tokens");
    }
}
