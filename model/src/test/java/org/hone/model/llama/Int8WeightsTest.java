package org.hone.model.llama;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Rounded matrices against a model whose weights were rounded by hand, and kept as they then are. */
class Int8WeightsTest {
    private static final TokenBatch ROW = TokenBatch.of(List.<int[]>of(new int[] {3, 1, 4, 1, 5, 9, 2, 6}), 0);

    private final LlamaConfig config = LlamaTest.config(new RopeScaling.None());

    private static float[] logits(Llama model) {
        return Memory.withoutGradients(
                () -> Memory.tidy(() -> model.logits(model.hidden(ROW)).toFloats()));
    }

    /** Row by row: the largest number becomes 127, the others the nearest of its 127ths. */
    private static Tensor rounded(Tensor weight) {
        int rows = (int) weight.size(0);
        float[] numbers = weight.detach().toFloats();
        int width = numbers.length / rows;
        for (int row = 0; row < rows; row++) {
            float largest = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                largest = Math.max(largest, Math.abs(numbers[i]));
            }
            float scale = (float) (largest * (1.0 / 127));
            for (int i = row * width; i < (row + 1) * width; i++) {
                numbers[i] = (float) Math.rint(numbers[i] / scale) * scale;
            }
        }
        return Tensors.of(numbers, rows, width);
    }

    @Test
    void logitsAreThoseOfTheRoundedNumbers() {
        float[] exact;
        float[] expected;
        try (Llama model = LlamaTest.model(config)) {
            exact = logits(model);
            Map<String, Tensor> weights = new LinkedHashMap<>();
            Memory.withoutGradients(() -> Memory.tidy(() -> model.parameters().forEach((name, weight) -> {
                boolean kept = weight.rank() == 1 || name.contains("embed");
                weights.put(name, (kept ? weight.copy() : rounded(weight)).keep());
            })));
            try (Llama byHand = new Llama(config, weights)) {
                expected = logits(byHand);
            }
        }
        long before = Memory.liveTensors();
        try (Llama model = Int8Weights.of(LlamaTest.model(config))) {
            assertThat(logits(model)).containsExactly(expected, within(2e-5f));
            assertThat(model.parameters().get("model.layers.0.mlp.up_proj.weight"))
                    .satisfies(weight -> assertThat(weight.dataType()).isEqualTo(DataType.INT8));
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
        // negative control: rounding is seen
        double apart = 0;
        for (int i = 0; i < exact.length; i++) {
            apart = Math.max(apart, Math.abs(exact[i] - expected[i]));
        }
        assertThat(apart).isGreaterThan(1e-3);
    }
}
