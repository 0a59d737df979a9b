package org.hone.model.llama;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.hone.model.llama.LowRankAdapters.Settings;
import org.hone.model.llama.LowRankAdapters.Target;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.NextTokenObjective;
import org.hone.model.training.RankingObjective;
import org.hone.model.training.RankingTargets;
import org.hone.model.training.RankingWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Adapters against the model with W + (α/r) · B · A in the place of W, in double precision. */
class LowRankAdaptersTest {
    private static final LlamaConfig CONFIG =
            new LlamaConfig(23, 16, 20, 2, 4, 2, 6, 32, 1e-5, 10000, new RopeScaling.None(), true);
    private static final Settings SETTINGS = new Settings(3, 5, EnumSet.allOf(Target.class));

    private static Llama policy(DataType dataType) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        try (Llama small = Llama.initialise(CONFIG, 4, Device.cpu())) {
            Memory.withoutGradients(() -> Memory.tidy(() -> small.parameters()
                    .forEach((name, weight) -> weights.put(
                            name,
                            (weight.rank() > 1 ? weight.mul(12) : weight.mul(1.1))
                                    .to(dataType)
                                    .keep()))));
        }
        return new Llama(CONFIG, weights);
    }

    /** As training leaves them: B is not zero any more. */
    private static LowRankAdapters trained(Network network, Settings settings, long seed) {
        LowRankAdapters adapters = LowRankAdapters.initialise(network, settings, seed);
        Random random = new Random(seed + 1);
        Memory.withoutGradients(() -> Memory.tidy(() -> adapters.parameters().forEach((name, weight) -> {
            if (name.endsWith("lora_B.weight")) {
                double[] values = random.doubles(weight.elements(), -0.3, 0.3).toArray();
                InPlace.copy(weight.detach(), Tensors.of(values, weight.shape()));
            }
        })));
        return adapters;
    }

    private static int[] ids(Random random, int length) {
        return random.ints(length, 0, 23).toArray();
    }

    private static Tensor named(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /** The distance of two tensors as a part of the second's largest number. */
    private static double distance(Tensor found, Tensor expected) {
        double largest = Reductions.max(Elementwise.abs(expected)).item();
        assertThat(largest).as("a reference of zeros says nothing").isPositive();
        return Reductions.max(Elementwise.abs(found.sub(expected))).item() / largest;
    }

    /** ∂L/∂A = (α/r) · Bᵀ · ∂L/∂W and ∂L/∂B = (α/r) · ∂L/∂W · Aᵀ, with ∂L/∂W of the merged model. */
    private static void assertGradients(LowRankAdapters adapters, Map<String, Tensor> merged, double scale) {
        Memory.tidy(() -> adapters.parameters().forEach((name, weight) -> {
            if (!name.contains(".lora_")) {
                assertThat(distance(weight.gradient(), named(merged, name).gradient()))
                        .as(name)
                        .isLessThan(1e-9);
                return;
            }
            String path = name.substring(0, name.indexOf(".lora_"));
            Tensor slope = named(merged, path + ".weight").gradient();
            Tensor down = named(adapters.parameters(), path + ".lora_A.weight").detach();
            Tensor up = named(adapters.parameters(), path + ".lora_B.weight").detach();
            Tensor expected = name.endsWith("lora_A.weight")
                    ? Layers.matmul(up.transpose(0, 1), slope)
                    : Layers.matmul(slope, down.transpose(0, 1));
            assertThat(distance(weight.gradient(), expected.mul(scale)))
                    .as(name)
                    .isLessThan(1e-9);
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsOfAPolicyAreThoseThroughMergedWeights(boolean recompute) {
        Random random = new Random(8);
        PackedBatch batch = PackedBatch.of(List.of(ids(random, 9), ids(random, 6)));
        boolean[] trained = new boolean[15];
        for (int t = 1; t < 15; t++) {
            trained[t] = t != 9;
        }
        try (Llama model = policy(DataType.FLOAT64);
                LowRankAdapters adapters = trained(model, SETTINGS, 3);
                Llama merged = policy(DataType.FLOAT64);
                LowRankAdapters same = trained(merged, SETTINGS, 3)) {
            same.merge();
            double loss = NextTokenObjective.backward(model, batch, trained, 0.1, recompute)
                    .loss();
            double expected = NextTokenObjective.backward(merged, batch, trained, 0.1, recompute)
                    .loss();
            assertThat(loss).isEqualTo(expected, within(1e-10 * expected));
            assertGradients(adapters, merged.parameters(), 5.0 / 3);
            assertThat(model.parameters().values()).noneMatch(Tensor::hasGradient);
        }
    }

    @Test
    void gradientsOfARewardModelAreThoseThroughMergedWeights() {
        Random random = new Random(9);
        Settings some = new Settings(2, 8, EnumSet.of(Target.Q_PROJ, Target.V_PROJ));
        List<List<int[]>> pairs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pairs.add(List.of(ids(random, 4 + i), ids(random, 7)));
        }
        PackedBatch batch = PackedBatch.ofGroups(pairs);
        RankingTargets targets = new RankingTargets(
                new float[] {0, 1, 2},
                new boolean[] {true, true, false, false, true, true},
                new boolean[] {true, false, false, false, false, true});
        RankingWeights weights = new RankingWeights(0.1, 0.5, 0);
        try (Llama policy = policy(DataType.FLOAT64);
                RewardModel model = RewardModel.fromPolicy(policy, 7, true);
                LowRankAdapters adapters = trained(model, some, 3);
                RewardModel merged = RewardModel.fromPolicy(policy, 7, true);
                LowRankAdapters same = trained(merged, some, 3)) {
            same.merge();
            RankingObjective.backward(model, batch, targets, weights, 1.0 / 3, false);
            RankingObjective.backward(merged, batch, targets, weights, 1.0 / 3, false);
            assertGradients(adapters, merged.parameters(), 4);
            assertThat(adapters.parameters())
                    .as("two matrices at two places of two blocks, and both heads")
                    .hasSize(2 * 2 * 2 + 2)
                    .containsKeys("score.weight", RewardModel.SAFETY_HEAD);
        }
    }

    @Test
    void adaptersBeginAsNothingAndMergedTheyAreTheModel() {
        Random random = new Random(10);
        TokenBatch batch = TokenBatch.of(List.of(ids(random, 9), ids(random, 5)), 0);
        try (Llama model = policy(DataType.FLOAT64)) {
            Tensor before =
                    Memory.tidy(() -> model.hidden(batch).detach().copy().keep());
            try (LowRankAdapters fresh = LowRankAdapters.initialise(model, SETTINGS, 3)) {
                Memory.tidy(() -> assertThat(model.hidden(batch).toFloats()).isEqualTo(before.toFloats()));
                assertThat(fresh.parameters()).hasSize(2 * 7 * 2);
            }
            try (LowRankAdapters adapters = trained(model, SETTINGS, 3)) {
                Tensor adapted =
                        Memory.tidy(() -> model.hidden(batch).detach().copy().keep());
                adapters.merge();
                try (before;
                        adapted) {
                    Memory.tidy(() -> {
                        assertThat(distance(model.hidden(batch), adapted)).isLessThan(1e-12);
                        assertThat(distance(model.hidden(batch), before)).isGreaterThan(1e-2);
                    });
                }
            }
            assertThat(model.parameters().values()).allMatch(Tensor::requiresGradient);
        }
    }

    @Test
    void flatParametersHoldTheAdaptersAlone() {
        Random random = new Random(11);
        PackedBatch batch = PackedBatch.of(List.of(ids(random, 9)));
        boolean[] trained = {false, true, true, true, true, true, true, true, true};
        try (Llama model = policy(DataType.FLOAT32);
                LowRankAdapters adapters = trained(model, SETTINGS, 3);
                FlatParameters flat = new FlatParameters(adapters.parameters())) {
            long elements = LowRankAdapters.shapes(CONFIG, SETTINGS).values().stream()
                    .mapToLong(shape -> shape[0] * shape[1])
                    .sum();
            assertThat(flat.names())
                    .containsExactlyElementsOf(
                            LowRankAdapters.shapes(CONFIG, SETTINGS).keySet());
            assertThat(flat.parameters().elements())
                    .as("the adapters, and zeros up to a whole number of vectors")
                    .isBetween(elements, elements + 63);
            model.computeIn(DataType.BFLOAT16);
            NextTokenObjective.backward(model, batch, trained, 1, true);
            Memory.tidy(() -> assertThat(
                            Reductions.max(Elementwise.abs(flat.gradients())).item())
                    .isPositive());
            long before = Memory.liveTensors();
            NextTokenObjective.backward(model, batch, trained, 1, false);
            assertThat(Memory.liveTensors()).isEqualTo(before);
        }
    }

    @Test
    void settingsAndWeightsAreChecked() {
        assertThatThrownBy(() -> new Settings(0, 1, Set.of(Target.Q_PROJ)))
                .hasMessage("adapters of rank 0 with alpha 1.0 beside [Q_PROJ]; expected a rank of at least 1, an alpha"
                        + " above 0 and at least one target");
        try (Llama model = policy(DataType.FLOAT32)) {
            assertThatThrownBy(() -> new LowRankAdapters(model, SETTINGS, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the weight model.layers.0.self_attn.q_proj.lora_A.weight is missing");
            try (LowRankAdapters adapters = LowRankAdapters.initialise(model, SETTINGS, 3)) {
                assertThatThrownBy(() -> model.rebind(model.parameters()))
                        .hasMessageContaining("merge or close them before others come");
                assertThat(adapters.settings()).isEqualTo(SETTINGS);
            }
        }
    }
}
