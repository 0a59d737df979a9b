package org.hone.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.Network;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.loss.RankingLoss;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/**
 * Packing, shared prefixes, recomputed blocks and the fused head against the plain padded computation, which other tests
 * hold against Hugging Face. In double precision, so that a difference can only be a mistake.
 */
class PackedTrainingTest {
    private static final int VOCABULARY = 23;

    private static LlamaConfig config(Random random) {
        int[][] heads = {{4, 4}, {4, 2}, {6, 1}};
        int[] chosen = heads[random.nextInt(heads.length)];
        int size = 2 * (1 + random.nextInt(4));
        RopeScaling scaling =
                random.nextBoolean() ? new RopeScaling.None() : new RopeScaling.Dynamic(2.0 + random.nextInt(3));
        return new LlamaConfig(
                VOCABULARY,
                chosen[0] * size,
                5 + random.nextInt(20),
                1 + random.nextInt(3),
                chosen[0],
                chosen[1],
                size,
                8,
                1e-5,
                10000,
                scaling,
                random.nextBoolean());
    }

    /** Large weights, so that attention is far from even; in double precision. */
    private static Llama policy(LlamaConfig config, long seed, DataType dataType) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        try (Llama small = Llama.initialise(config, seed, Device.cpu())) {
            Memory.withoutGradients(() -> Memory.tidy(() -> small.parameters()
                    .forEach((name, weight) -> weights.put(
                            name,
                            (weight.rank() > 1 ? weight.mul(15) : weight.mul(1.1))
                                    .to(dataType)
                                    .keep()))));
        }
        return new Llama(config, weights);
    }

    private static int[] ids(Random random, int length) {
        return random.ints(length, 0, VOCABULARY).toArray();
    }

    private static int[] joined(int[] prompt, int[] response) {
        int[] whole = Arrays.copyOf(prompt, prompt.length + response.length);
        System.arraycopy(response, 0, whole, prompt.length, response.length);
        return whole;
    }

    private static Map<String, float[]> takeGradients(Network model) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        model.parameters().forEach((name, weight) -> {
            gradients.put(name, Memory.tidy(() -> weight.gradient().toFloats()));
            weight.clearGradient();
        });
        return gradients;
    }

    private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected, double tolerance) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, numbers) -> {
            float largest = 0;
            for (float number : numbers) {
                largest = Math.max(largest, Math.abs(number));
            }
            assertThat(largest).as("the gradient of %s says nothing", name).isPositive();
            assertThat(found.get(name)).as(name).containsExactly(numbers, within((float) (tolerance * largest)));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nextTokens(long seed) {
        Random random = new Random(seed);
        try (Llama model = policy(config(random), seed, DataType.FLOAT64)) {
            List<int[]> rows = new ArrayList<>();
            List<Boolean> mask = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                int[] row = ids(random, 2 + random.nextInt(14));
                rows.add(row);
                for (int t = 0; t < row.length; t++) {
                    mask.add(t > 0 && (t == 1 || random.nextInt(3) > 0));
                }
            }
            TokenBatch padded = TokenBatch.of(rows, 0);
            boolean[] paddedMask = new boolean[padded.ids().length];
            boolean[] packedMask = new boolean[mask.size()];
            int next = 0;
            for (int row = 0; row < rows.size(); row++) {
                for (int t = 0; t < rows.get(row).length; t++) {
                    paddedMask[row * padded.length() + t] = mask.get(next);
                    packedMask[next] = mask.get(next);
                    next++;
                }
            }
            double loss = Memory.tidy(() -> {
                Tensor sum = NextTokenLoss.sum(model, padded, paddedMask);
                sum.mul(0.01).backward();
                return sum.item();
            });
            Map<String, float[]> expected = takeGradients(model);
            for (boolean recompute : new boolean[] {false, true}) {
                MicroBatchSums sums =
                        NextTokenObjective.backward(model, PackedBatch.of(rows), packedMask, 0.01, recompute);
                assertThat(sums.loss()).isEqualTo(loss, within(1e-10 * loss));
                assertSame(takeGradients(model), expected, 1e-6);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pairs(List<int[]> chosen, List<int[]> rejected, float[] margins) {
        static Pairs random(Random random, int count, int unit) {
            List<int[]> chosen = new ArrayList<>();
            List<int[]> rejected = new ArrayList<>();
            float[] margins = new float[count];
            for (int i = 0; i < count; i++) {
                int[] prompt = ids(random, unit * random.nextInt(9)); // an empty prompt shares nothing
                chosen.add(joined(prompt, ids(random, 1 + unit * random.nextInt(8))));
                rejected.add(joined(prompt, ids(random, 1 + unit * random.nextInt(8))));
                margins[i] = random.nextInt(4);
            }
            return new Pairs(chosen, rejected, margins);
        }

        PackedBatch packed(LlamaConfig config) {
            List<List<int[]>> groups = new ArrayList<>();
            for (int i = 0; i < margins.length; i++) {
                groups.add(List.of(chosen.get(i), rejected.get(i)));
            }
            List<int[]> all = groups.stream().flatMap(List::stream).toList();
            int longest = all.stream().mapToInt(row -> row.length).max().orElseThrow();
            return config.canSharePrefixes(longest) ? PackedBatch.ofGroups(groups) : PackedBatch.of(all);
        }

        TokenBatch padded() {
            List<int[]> all = new ArrayList<>(chosen);
            all.addAll(rejected);
            return TokenBatch.of(all, 0);
        }

        /** The sum of the losses of the plain computation, its gradients left behind. */
        double plain(RewardModel model, double scale) {
            int count = margins.length;
            return Memory.tidy(() -> {
                Tensor rewards = model.rewards(padded());
                Tensor sum = RankingLoss.sum(rewards.narrow(0, 0, count), rewards.narrow(0, count, count), margins);
                sum.mul(scale).backward();
                return sum.item();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void pairs(long seed) {
        sameAsPlain(seed, 1);
    }

    /** Up to 300 tokens: some segments are attended to together and some by themselves. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void longPairs(long seed) {
        sameAsPlain(seed, 20);
    }

    private static void sameAsPlain(long seed, int unit) {
        Random random = new Random(100 + seed);
        try (Llama policy = policy(config(random), seed, DataType.FLOAT64);
                RewardModel model = RewardModel.fromPolicy(policy, seed)) {
            Pairs pairs = Pairs.random(random, 1 + random.nextInt(5), unit);
            double loss = pairs.plain(model, 0.2);
            Map<String, float[]> expected = takeGradients(model);
            for (boolean recompute : new boolean[] {false, true}) {
                MicroBatchSums sums = RankingObjective.backward(
                        model,
                        pairs.packed(model.config()),
                        RankingTargets.of(pairs.margins()),
                        RankingWeights.RANKING_ALONE,
                        0.2,
                        recompute);
                assertThat(sums.loss()).isEqualTo(loss, within(1e-10 * loss));
                assertSame(takeGradients(model), expected, 1e-6);
            }
        }
    }

    @Test
    void stretchedPositionsAreNotShared() {
        LlamaConfig stretched =
                new LlamaConfig(VOCABULARY, 16, 16, 1, 2, 2, 8, 4, 1e-5, 10000, new RopeScaling.Dynamic(2), false);
        try (Llama model = policy(stretched, 1, DataType.FLOAT32)) {
            PackedBatch batch =
                    PackedBatch.ofGroups(List.of(List.of(new int[] {1, 2, 3, 4, 5}, new int[] {1, 2, 3, 6})));
            assertThatThrownBy(() -> Memory.tidy(
                            () -> model.forward(batch, false).hidden().toFloats()))
                    .hasMessageContaining("a sequence of 5 tokens shares its beginning")
                    .hasMessageContaining("pack such sequences one by one");
        }
    }

    @Test
    void rewardsOfBranchesAreThoseOfWholeDialogues() {
        Random random = new Random(5);
        LlamaConfig config =
                new LlamaConfig(VOCABULARY, 32, 48, 2, 4, 2, 8, 64, 1e-5, 10000, new RopeScaling.None(), false);
        try (Llama policy = policy(config, 5, DataType.FLOAT32);
                RewardModel model = RewardModel.fromPolicy(policy, 5)) {
            int[] prompt = ids(random, 7);
            List<int[]> dialogues = new ArrayList<>();
            for (int k = 0; k < 6; k++) {
                dialogues.add(joined(prompt, ids(random, 1 + random.nextInt(9))));
            }
            PackedBatch packed = PackedBatch.ofGroups(List.of(dialogues));
            int tokens =
                    dialogues.stream().mapToInt(dialogue -> dialogue.length).sum();
            assertThat(packed.tokens()).isEqualTo(tokens - 5 * PackedBatch.sharedLength(dialogues));
            float[] together = Memory.tidy(() -> model.rewards(packed).toFloats());
            for (int k = 0; k < 6; k++) {
                TokenBatch alone = TokenBatch.of(List.of(dialogues.get(k)), 0);
                float reward = Memory.tidy(() -> model.rewards(alone).toFloats()[0]);
                assertThat(together[k]).isEqualTo(reward, within(1e-5f * Math.max(1, Math.abs(reward))));
            }
        }
    }

    /** bfloat16 has 8 bits: the gradient points the same way, and is not the same. */
    @Test
    void mixedPrecisionIsCloseAndKeepsWeightsAndGradientsInSinglePrecision() {
        Random random = new Random(9);
        LlamaConfig config =
                new LlamaConfig(VOCABULARY, 32, 48, 3, 4, 2, 8, 64, 1e-5, 10000, new RopeScaling.None(), false);
        try (Llama model = policy(config, 9, DataType.FLOAT32)) {
            List<int[]> rows = List.of(ids(random, 40), ids(random, 25));
            boolean[] mask = new boolean[65];
            Arrays.fill(mask, true);
            mask[0] = false;
            mask[40] = false;
            PackedBatch batch = PackedBatch.of(rows);
            double exact = NextTokenObjective.backward(model, batch, mask, 1.0 / 63, false)
                    .loss();
            Map<String, float[]> expected = takeGradients(model);
            model.computeIn(DataType.BFLOAT16);
            double rounded = NextTokenObjective.backward(model, batch, mask, 1.0 / 63, false)
                    .loss();
            assertThat(rounded).isNotEqualTo(exact).isEqualTo(exact, within(0.02 * exact));
            model.parameters()
                    .values()
                    .forEach(weight -> Memory.tidy(() -> {
                        assertThat(weight.dataType()).isEqualTo(DataType.FLOAT32);
                        assertThat(weight.gradient().dataType()).isEqualTo(DataType.FLOAT32);
                    }));
            takeGradients(model)
                    .forEach((name, numbers) -> assertThat(cosine(numbers, Objects.requireNonNull(expected.get(name))))
                            .as(name)
                            .isGreaterThan(0.98));
        }
    }

    private static double cosine(float[] x, float[] y) {
        double product = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            product += (double) x[i] * y[i];
            xx += (double) x[i] * x[i];
            yy += (double) y[i] * y[i];
        }
        return product / Math.sqrt(xx * yy);
    }

    @Test
    void nothingIsLeftBehind() {
        Random random = new Random(3);
        try (Llama policy = policy(config(random), 3, DataType.FLOAT32);
                RewardModel model = RewardModel.fromPolicy(policy, 3)) {
            Pairs pairs = Pairs.random(random, 3, 1);
            RankingObjective.backward(
                    model,
                    pairs.packed(model.config()),
                    RankingTargets.of(pairs.margins()),
                    RankingWeights.RANKING_ALONE,
                    1,
                    true);
            long before = Memory.liveTensors();
            RankingObjective.backward(
                    model,
                    pairs.packed(model.config()),
                    RankingTargets.of(pairs.margins()),
                    RankingWeights.RANKING_ALONE,
                    1,
                    true);
            RankingObjective.backward(
                    model,
                    pairs.packed(model.config()),
                    RankingTargets.of(pairs.margins()),
                    RankingWeights.RANKING_ALONE,
                    1,
                    false);
            assertThat(Memory.liveTensors()).isEqualTo(before);
        }
    }

    @Test
    void masksAreChecked() {
        try (Llama model = policy(config(new Random(1)), 1, DataType.FLOAT32)) {
            PackedBatch batch = PackedBatch.of(List.of(new int[] {1, 2}, new int[] {3, 4}));
            assertThatThrownBy(() -> NextTokenObjective.backward(model, batch, new boolean[3], 1, false))
                    .hasMessage("a mask of 3 for a batch of 4 tokens");
            assertThatThrownBy(() -> NextTokenObjective.backward(model, batch, new boolean[4], 1, false))
                    .hasMessageContaining("trains no token");
            assertThatThrownBy(() -> NextTokenObjective.backward(
                            model, batch, new boolean[] {false, true, true, true}, 1, false))
                    .hasMessage("token 2 begins its sequence; nothing is before it");
            assertThatThrownBy(() -> NextTokenObjective.backward(
                            model, PackedBatch.of(List.of(new int[] {1, 99})), new boolean[] {false, true}, 1, false))
                    .hasMessage(
                            "packed token 1: id 99 is not in the vocabulary of 23; tokenizer and model do not belong"
                                    + " together");
        }
    }

    @Test
    void segmentsAreChecked() {
        assertThatThrownBy(() -> new PackedBatch(new int[] {1, 2}, List.of(new PackedBatch.Segment(0, 1, 0, 0))))
                .hasMessage("2 token ids in segments of 1 in all");
        assertThatThrownBy(() -> new PackedBatch(new int[] {1, 2}, List.of(new PackedBatch.Segment(1, 1, 0, 0))))
                .hasMessageContaining("does not follow the 0 tokens before it");
        assertThatThrownBy(() -> new PackedBatch(
                        new int[] {1, 2},
                        List.of(new PackedBatch.Segment(0, 1, 0, 0), new PackedBatch.Segment(1, 1, 0, 2))))
                .hasMessageContaining("no earlier sequence begins where its prefix lies");
    }

    @Test
    void identicalSequencesKeepTheirLastToken() {
        PackedBatch batch = PackedBatch.ofGroups(List.of(List.of(new int[] {7, 8, 9}, new int[] {7, 8, 9})));
        assertThat(batch.ids()).containsExactly(7, 8, 9, 9);
        assertThat(Memory.tidy(
                        () -> Reductions.sum(batch.lastTokens(Device.cpu())).item()))
                .isEqualTo(2 + 3);
    }
}
