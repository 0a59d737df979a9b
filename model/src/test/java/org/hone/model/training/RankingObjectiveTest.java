package org.hone.model.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** The parts of a reward model's loss against PyTorch (src/test/python/reward_parts.py), in double precision. */
class RankingObjectiveTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pair(int[] chosen, int[] rejected, float margin, JsonNode chosenSafe, JsonNode rejectedSafe) {}

    private static Path fixture(String name) {
        try {
            return Path.of(Objects.requireNonNull(RankingObjectiveTest.class.getResource("/reward-parts"))
                            .toURI())
                    .resolve(name);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(fixture("expected.json")));
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    /** The fixture's model and the safety head of the reference, in double precision. */
    private static RewardModel model() throws IOException {
        double[] head = numbers(expected().path("safety"));
        try (RewardModel stored = HuggingFaceFolder.loadRewardModel(fixture("model"), Device.cpu(), DataType.FLOAT64)) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            Memory.withoutGradients(() -> Memory.tidy(() -> {
                stored.parameters()
                        .forEach((name, weight) ->
                                weights.put(name, weight.detach().copy().keep()));
                weights.put(
                        RewardModel.SAFETY_HEAD,
                        Tensors.of(head, 1, head.length).keep());
            }));
            return new RewardModel(stored.config(), weights);
        }
    }

    private static List<Pair> pairs() throws IOException {
        return StreamSupport.stream(expected().path("pairs").spliterator(), false)
                .map(pair -> new Pair(
                        joined(pair, "chosen"),
                        joined(pair, "rejected"),
                        (float) pair.path("margin").doubleValue(),
                        pair.path("chosen_safe"),
                        pair.path("rejected_safe")))
                .toList();
    }

    private static int[] joined(JsonNode pair, String response) {
        return Stream.of(pair.path("prompt"), pair.path(response))
                .flatMapToInt(
                        ids -> StreamSupport.stream(ids.spliterator(), false).mapToInt(JsonNode::intValue))
                .toArray();
    }

    private static RankingTargets targets(List<Pair> pairs) {
        float[] margins = new float[pairs.size()];
        boolean[] labelled = new boolean[2 * margins.length];
        boolean[] safe = new boolean[labelled.length];
        for (int b = 0; b < margins.length; b++) {
            margins[b] = pairs.get(b).margin();
            labelled[2 * b] = pairs.get(b).chosenSafe().isBoolean();
            labelled[2 * b + 1] = pairs.get(b).rejectedSafe().isBoolean();
            safe[2 * b] = pairs.get(b).chosenSafe().asBoolean();
            safe[2 * b + 1] = pairs.get(b).rejectedSafe().asBoolean();
        }
        return new RankingTargets(margins, labelled, safe);
    }

    private static double backward(RewardModel model, List<Pair> pairs, RankingWeights weights) {
        PackedBatch batch = PackedBatch.ofGroups(pairs.stream()
                .map(pair -> List.of(pair.chosen(), pair.rejected()))
                .toList());
        return RankingObjective.backward(model, batch, targets(pairs), weights, 0.25, false)
                        .loss()
                / 4;
    }

    @Test
    void lossesAndGradientsAreThoseOfPyTorch() throws IOException {
        JsonNode expected = expected();
        double centering = expected.path("centering_coefficient").doubleValue();
        double safety = expected.path("safety_coefficient").doubleValue() * 4 / 6; // 4 pairs, 6 labelled responses
        double prefixes = expected.path("prefix_coefficient").doubleValue();
        double ranking = expected.path("ranking").doubleValue();
        try (RewardModel model = model()) {
            List<Pair> pairs = pairs();
            assertThat(backward(model, pairs, RankingWeights.RANKING_ALONE)).isEqualTo(ranking, within(1e-6));
            assertThat(backward(model, pairs, new RankingWeights(centering, 0, 0)) - ranking)
                    .isEqualTo(expected.path("centering").doubleValue(), within(1e-6));
            assertThat(backward(model, pairs, new RankingWeights(0, safety, 0)) - ranking)
                    .isEqualTo(expected.path("auxiliary").doubleValue(), within(1e-6));
            assertThat(backward(model, pairs, new RankingWeights(0, 0, prefixes)) - ranking)
                    .isEqualTo(expected.path("prefixes").doubleValue(), within(1e-6));
            model.parameters().values().forEach(Tensor::clearGradient);
            // two microbatches, of which one has a pair that nobody labelled
            double loss = backward(model, pairs.subList(0, 3), new RankingWeights(centering, safety, prefixes))
                    + backward(model, pairs.subList(3, 4), new RankingWeights(centering, safety, prefixes));
            assertThat(loss)
                    .isEqualTo(
                            ranking
                                    + expected.path("centering").doubleValue()
                                    + expected.path("auxiliary").doubleValue()
                                    + expected.path("prefixes").doubleValue(),
                            within(1e-6));
            model.parameters().forEach((name, weight) -> {
                double[] gradient = numbers(expected.path("gradients").path(name));
                double largest = IntStream.range(0, gradient.length)
                        .mapToDouble(i -> Math.abs(gradient[i]))
                        .max()
                        .orElseThrow();
                float[] found = Memory.tidy(() -> weight.gradient().toFloats());
                assertThat(found).as(name).hasSize(gradient.length);
                for (int i = 0; i < found.length; i++) {
                    assertThat((double) found[i]).as(name).isEqualTo(gradient[i], within(2e-6 * largest));
                }
            });
        }
    }

    @Test
    void prefixesAreRankedAlikeWhetherThePromptIsStoredOnceOrTwice() throws IOException {
        RankingWeights weights = new RankingWeights(0, 0, 1);
        List<Pair> pairs = pairs();
        PackedBatch twice = PackedBatch.of(pairs.stream()
                .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
                .toList());
        try (RewardModel model = model()) {
            double once = backward(model, pairs, weights);
            List<float[]> expected = gradients(model);
            double alike = RankingObjective.backward(model, twice, targets(pairs), weights, 0.25, true)
                            .loss()
                    / 4;
            assertThat(alike).isEqualTo(once, within(1e-12));
            List<float[]> found = gradients(model);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-6F));
            }
        }
    }

    /** Read and cleared. */
    private static List<float[]> gradients(RewardModel model) {
        List<float[]> gradients = model.parameters().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(RewardModel.SAFETY_HEAD))
                .map(entry -> Memory.tidy(() -> entry.getValue().gradient().toFloats()))
                .toList();
        model.parameters().values().forEach(Tensor::clearGradient);
        return gradients;
    }

    @Test
    void aLabelDecides() throws IOException {
        try (RewardModel model = model()) {
            List<Pair> pairs = pairs();
            RankingWeights weights = new RankingWeights(0, 1, 0);
            Pair first = pairs.get(0);
            Pair swapped = new Pair(
                    first.chosen(),
                    first.rejected(),
                    first.margin(),
                    /* chosenSafe= */ first.rejectedSafe(),
                    /* rejectedSafe= */ first.chosenSafe());
            assertThat(Math.abs(
                            backward(model, pairs.subList(0, 1), weights) - backward(model, List.of(swapped), weights)))
                    .isGreaterThan(0.01);
            assertThat(backward(model, pairs.subList(1, 2), weights))
                    .as("nobody labelled the second pair")
                    .isEqualTo(backward(model, pairs.subList(1, 2), RankingWeights.RANKING_ALONE));
        }
    }

    @Test
    void aSafetyHeadIsKeptWithTheModel() throws IOException {
        try (RewardModel model = model()) {
            Path folder = temporary.resolve("model");
            HuggingFaceFolder.saveRewardModel(model, folder, DataType.FLOAT32);
            try (RewardModel read = HuggingFaceFolder.loadRewardModel(folder, Device.cpu())) {
                assertThat(read.hasSafetyHead()).isTrue();
                assertThat(read.parameters())
                        .containsOnlyKeys(model.parameters().keySet());
                Tensor head = Objects.requireNonNull(read.parameters().get(RewardModel.SAFETY_HEAD));
                assertThat(head.toFloats()[0]).isEqualTo(-0.5f);
            }
        }
        try (RewardModel without = HuggingFaceFolder.loadRewardModel(fixture("model"), Device.cpu())) {
            assertThat(without.hasSafetyHead()).isFalse();
            assertThatThrownBy(() -> backward(without, pairs(), new RankingWeights(0, 1, 0)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "the reward model has no safety head (safety.weight); train it with a safety-loss above 0");
        }
    }

    @Test
    void targetsAndWeightsAreChecked() {
        assertThatThrownBy(() -> new RankingTargets(new float[2], new boolean[4], new boolean[3]))
                .hasMessage("2 pairs cannot have 4 and 3 labels; one a response is allowed");
        assertThatThrownBy(() -> new RankingWeights(-1, 0, 0))
                .hasMessage("centering -1.0, safety 0.0 and prefixes 0.0 must be at least 0");
        assertThatThrownBy(() -> new RankingWeights(0, 0, Double.NaN))
                .hasMessage("centering 0.0, safety 0.0 and prefixes NaN must be at least 0");
    }
}
