package org.hone.model.llama;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class LlamaTest {
    static LlamaConfig config(RopeScaling scaling) {
        return new LlamaConfig(11, 8, 12, 2, 4, 2, 4, 6, 1e-5, 10000, scaling, false);
    }

    /** With larger weights than fresh ones, so that attention is far from uniform. */
    static Llama model(LlamaConfig config) {
        return new Llama(config, Parameters.random(Llama.shapes(config), new Random(8), 0.5, Device.cpu()));
    }

    private static float[] last(Llama model, TokenBatch batch, int row) {
        return Memory.withoutGradients(() -> Memory.tidy(() -> model.logits(
                        model.hidden(batch).select(0, row).select(0, batch.lengths()[row] - 1))
                .toFloats()));
    }

    /** What stands right of a row, and what its neighbours are, changes nothing; also beyond the context. */
    @Test
    void paddedRowsEqualRowsAlone() {
        List<int[]> rows = List.of(
                new int[] {1, 2, 3}, new int[] {4, 5, 6, 7, 8, 9, 10, 1, 2, 3}, new int[] {5, 5, 1, 2, 4, 4, 7, 3});
        for (RopeScaling scaling : List.of(new RopeScaling.None(), new RopeScaling.Dynamic(2))) {
            try (Llama model = model(config(scaling))) {
                for (int row = 0; row < rows.size(); row++) {
                    float[] alone = last(model, TokenBatch.of(List.<int[]>of(rows.get(row)), 0), 0);
                    for (int padding : new int[] {0, 9}) {
                        assertThat(last(model, TokenBatch.of(rows, padding), row))
                                .containsExactly(alone, within(1e-5f));
                    }
                }
            }
        }
    }

    @Test
    void sixteenBitWeightsGiveNearlyTheSameLogits() {
        LlamaConfig config = config(new RopeScaling.None());
        TokenBatch batch = TokenBatch.of(List.<int[]>of(new int[] {1, 2, 3, 4}), 0);
        try (Llama model = model(config)) {
            float[] expected = last(model, batch, 0);
            for (DataType dataType : List.of(DataType.BFLOAT16, DataType.FLOAT16)) {
                Map<String, Tensor> weights = new LinkedHashMap<>();
                Memory.withoutGradients(() -> Memory.tidy(() -> model.parameters()
                        .forEach((name, weight) ->
                                weights.put(name, weight.to(dataType).keep()))));
                try (Llama small = new Llama(config, weights)) {
                    // 8 and 11 bits of precision, over two layers, on logits of up to 3
                    assertThat(last(small, batch, 0)).containsExactly(expected, within(0.1f));
                    assertThat(last(small, batch, 0)).isNotEqualTo(expected);
                }
            }
        }
    }

    @Test
    void freshWeightsAreAFunctionOfTheSeed() {
        LlamaConfig config = new LlamaConfig(100, 32, 48, 2, 4, 2, 8, 6, 1e-5, 10000, new RopeScaling.None(), true);
        try (Llama one = Llama.initialise(config, 1, Device.cpu());
                Llama same = Llama.initialise(config, 1, Device.cpu());
                Llama other = Llama.initialise(config, 2, Device.cpu())) {
            float[] embedding = weight(one, "model.embed_tokens.weight").toFloats();
            assertThat(weight(same, "model.embed_tokens.weight").toFloats()).isEqualTo(embedding);
            assertThat(weight(other, "model.embed_tokens.weight").toFloats()).isNotEqualTo(embedding);
            // java.util.Random is specified to the bit: new Random(1).nextGaussian() is 1.561581040188955
            assertThat(embedding[0]).isEqualTo((float) (0.02 * 1.561581040188955));
            double squares = 0;
            for (float value : embedding) {
                squares += (double) value * value;
            }
            assertThat(Math.sqrt(squares / embedding.length)).isEqualTo(0.02, within(1e-3));
            assertThat(weight(one, "model.norm.weight").toFloats()).containsOnly(1);
            assertThat(one.parameters()).doesNotContainKey("lm_head.weight");
        }
    }

    private static Tensor weight(Network model, String name) {
        return Objects.requireNonNull(model.parameters().get(name));
    }

    @Test
    void weightsThatDoNotFitAreRefused() {
        LlamaConfig config = config(new RopeScaling.None());
        try (Llama model = model(config)) {
            Map<String, Tensor> weights = new LinkedHashMap<>(model.parameters());
            Tensor head = Objects.requireNonNull(weights.remove("lm_head.weight"));
            assertThatThrownBy(() -> new Llama(config, weights))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the weight lm_head.weight is missing");
            weights.put("lm_head.weight", head);
            weights.put("lm_head.bias", head);
            assertThatThrownBy(() -> new Llama(config, weights))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the model has no weight called [lm_head.bias]");
            weights.remove("lm_head.bias");
            weights.put("model.norm.weight", head);
            assertThatThrownBy(() -> new Llama(config, weights))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("model.norm.weight: shape [11, 8]; the configuration asks for [8]");
        }
    }

    @Test
    void idsOutsideTheVocabularyAreNamed() {
        try (Llama model = model(config(new RopeScaling.None()))) {
            TokenBatch batch = TokenBatch.of(List.of(new int[] {1}, new int[] {1, 2, 11}), 0);
            assertThatThrownBy(() -> last(model, batch, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("row 1, token 2: id 11 is not in the vocabulary of 11");
        }
    }

    /** As a trainer does: one flat buffer of weights, one of gradients, and the model on views of both. */
    @Test
    void weightsCanBeViewsOfOneBuffer() {
        long before = Memory.liveTensors();
        LlamaConfig config = config(new RopeScaling.None());
        TokenBatch batch = TokenBatch.of(List.<int[]>of(new int[] {1, 2, 3}), 0);
        try (Llama model = model(config)) {
            float[] expected = last(model, batch, 0);
            long total = model.parameters().values().stream()
                    .mapToLong(Tensor::elements)
                    .sum();
            Tensor weights = Memory.tidy(() -> Tensors.zeros(total));
            Tensor gradients = Memory.tidy(() -> Tensors.zeros(total));
            Memory.tidy(() -> {
                Map<String, Tensor> views = new LinkedHashMap<>();
                long offset = 0;
                for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
                    Tensor old = entry.getValue();
                    Tensor view = weights.narrow(0, offset, old.elements()).view(old.shape());
                    InPlace.copy(view, old);
                    view.setGradient(gradients.narrow(0, offset, old.elements()).view(old.shape()));
                    views.put(entry.getKey(), view);
                    offset += old.elements();
                }
                model.rebind(views);
            });
            assertThat(last(model, batch, 0)).isEqualTo(expected);
            Memory.tidy(() -> Reductions.sum(model.logits(model.hidden(batch))).backward());
            assertThat(Memory.tidy(() -> Reductions.norm(gradients).item())).isGreaterThan(1);
            Memory.tidy(() -> InPlace.zero(weights));
            assertThat(last(model, batch, 0)).containsOnly(0);
            weights.close();
            gradients.close();
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void aRewardModelStartsAsACopyOfThePolicy() {
        long before = Memory.liveTensors();
        try (Llama policy = model(config(new RopeScaling.None()));
                RewardModel reward = RewardModel.fromPolicy(policy, 4);
                RewardModel same = RewardModel.fromPolicy(policy, 4)) {
            assertThat(reward.parameters().keySet()).contains("score.weight").doesNotContain("lm_head.weight");
            TokenBatch batch = TokenBatch.of(List.of(new int[] {1, 2, 3}, new int[] {4, 5}), 0);
            Memory.withoutGradients(() -> Memory.tidy(() -> {
                float[] rewards = reward.rewards(batch).toFloats();
                assertThat(same.rewards(batch).toFloats()).isEqualTo(rewards);
                float[] hidden = policy.hidden(batch).select(0, 1).select(0, 1).toFloats();
                float[] head = weight(reward, "score.weight").toFloats();
                double expected = 0;
                for (int i = 0; i < head.length; i++) {
                    expected += (double) hidden[i] * head[i];
                }
                assertThat(rewards[1]).isEqualTo((float) expected, within(1e-5f));
                InPlace.zero(weight(policy, "model.norm.weight"));
                assertThat(reward.rewards(batch).toFloats()).isEqualTo(rewards);
            }));
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void anEarlierRewardModelGoesOnWithItsHeadsOrWithNewOnes() {
        long before = Memory.liveTensors();
        for (NewHead head : Arrays.asList(null, NewHead.random(9), NewHead.ZERO)) {
            for (boolean hadSafety : List.of(false, true)) {
                for (boolean wantsSafety : List.of(false, true)) {
                    goesOn(head, hadSafety, wantsSafety);
                }
            }
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    private static void goesOn(@Nullable NewHead head, boolean hadSafety, boolean wantsSafety) {
        try (Llama policy = model(config(new RopeScaling.None()));
                RewardModel before = withMarkedSafety(RewardModel.fromPolicy(policy, 4, hadSafety));
                RewardModel taken = withMarkedSafety(RewardModel.fromPolicy(policy, 4, hadSafety));
                RewardModel fresh = RewardModel.inPlaceOf(policy, head == null ? NewHead.ZERO : head, wantsSafety);
                RewardModel after = RewardModel.inPlaceOf(taken, head, wantsSafety)) {
            assertThat(after.parameters().keySet()).isEqualTo(fresh.parameters().keySet());
            after.parameters().forEach((name, weight) -> {
                boolean isNew =
                        name.equals("score.weight") ? head != null : name.equals(RewardModel.SAFETY_HEAD) && !hadSafety;
                Tensor expected = weight(isNew ? fresh : before, name);
                assertThat(weight.toFloats()).as(name).isEqualTo(expected.toFloats());
            });
            float[] score = weight(fresh, "score.weight").toFloats();
            if (head != null && head.seed() != null) {
                assertThat(score).doesNotContain(0);
            } else {
                assertThat(score).containsOnly(0);
            }
        }
    }

    private static RewardModel withMarkedSafety(RewardModel model) {
        if (model.hasSafetyHead()) {
            Memory.withoutGradients(() -> Memory.tidy(
                    () -> InPlace.add(weight(model, RewardModel.SAFETY_HEAD), weight(model, "score.weight"))));
        }
        return model;
    }

    @Test
    void batchesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> TokenBatch.of(List.of(new int[] {1}, new int[0]), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1: 0 tokens; between 1 and 1 are allowed");
        assertThatThrownBy(() -> TokenBatch.of(List.of(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a batch of 0 rows");
        assertThat(TokenBatch.of(List.of(new int[] {1}, new int[] {2, 3}), 9))
                .isEqualTo(new TokenBatch(2, 2, new int[] {1, 9, 2, 3}, new int[] {1, 2}));
        assertThat(Arrays.toString(
                        TokenBatch.of(List.<int[]>of(new int[] {7}), 0).ids()))
                .isEqualTo("[7]");
    }

    @Test
    void shapesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new RopeScaling.Linear(0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rope scaling: factor 0.5 must be at least 1");
        assertThatThrownBy(() -> new RopeScaling.Llama3(8, 4, 1, 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("low_freq_factor 4.0 must be above 0 and below high_freq_factor 1.0");
        assertThatThrownBy(() -> new RopeScaling.Llama3(8, 1, 4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("original_max_position_embeddings 0");
        assertThatThrownBy(() -> new LlamaConfig(1, 1, 1, 1, 4, 3, 2, 1, 1, 1, new RopeScaling.None(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("num_key_value_heads: 3 does not divide num_attention_heads 4");
    }
}
