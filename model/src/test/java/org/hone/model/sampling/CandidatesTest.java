package org.hone.model.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which tokens are left, against a naive implementation that sorts everything, and how often each is drawn. */
class CandidatesTest {
    private static final int VOCABULARY = 300;

    private static float[] logProbs(Random random, double spread) {
        double[] logits = random.doubles(VOCABULARY)
                .map(uniform -> Math.rint(uniform * 40) * spread)
                .toArray();
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit);
        }
        float[] logProbs = new float[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            logProbs[id] = (float) (logits[id] - Math.log(sum));
        }
        return logProbs;
    }

    /** Weights as softmax gives them, but for their sum. */
    private static float[] weights(float[] logProbs, double temperature) {
        float[] weights = new float[logProbs.length];
        for (int id = 0; id < weights.length; id++) {
            weights[id] = (float) Math.exp(logProbs[id] / temperature);
        }
        return weights;
    }

    private static Candidates of(float[] logProbs, SamplingSettings settings) {
        return new Candidates(logProbs.length).of(weights(logProbs, settings.temperature()), 0, settings);
    }

    /** As Hugging Face's warpers: temperature; all that are not below the k-th; from the top until the mass is reached. */
    private static List<Integer> naive(float[] logProbs, SamplingSettings settings) {
        List<Integer> sorted = new ArrayList<>();
        for (int id = 0; id < VOCABULARY; id++) {
            sorted.add(id);
        }
        sorted.sort(Comparator.comparingDouble((Integer id) -> -logProbs[id]).thenComparing(id -> id));
        if (settings.topK() > 0 && settings.topK() < VOCABULARY) {
            float floor = logProbs[sorted.get(settings.topK() - 1)];
            sorted.removeIf(id -> logProbs[id] < floor);
        }
        double mass = sorted.stream()
                .mapToDouble(id -> Math.exp(logProbs[id] / settings.temperature()))
                .sum();
        List<Integer> kept = new ArrayList<>();
        double above = 0;
        for (int id : sorted) {
            if (above >= settings.topP() * mass) {
                break;
            }
            kept.add(id);
            above += Math.exp(logProbs[id] / settings.temperature());
        }
        return kept;
    }

    @Test
    void theSetsAreExact() {
        Random random = new Random(3);
        for (int trial = 0; trial < 400; trial++) {
            float[] logProbs = logProbs(random, trial % 4 == 0 ? 0 : 0.2 * random.nextDouble());
            SamplingSettings settings = new SamplingSettings(
                    0.3 + 1.5 * random.nextDouble(),
                    trial % 5 == 0 ? 1 : 0.05 + 0.9 * random.nextDouble(),
                    trial % 3 == 0 ? 0 : 1 + random.nextInt(VOCABULARY + 10),
                    1);
            List<Integer> found = new ArrayList<>();
            for (int id : of(logProbs, settings).ids()) {
                found.add(id);
            }
            List<Integer> expected = naive(logProbs, settings);
            expected.sort(null);
            assertThat(found).as("%s", settings).isEqualTo(expected);
        }
    }

    @Test
    void theNucleusKeepsTheTokenThatCrossesTheMass() {
        float[] logProbs = {
            (float) Math.log(0.125), (float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.125)
        };
        assertThat(of(logProbs, new SamplingSettings(1, 0.4, 0, 1)).ids()).containsExactly(1);
        assertThat(of(logProbs, new SamplingSettings(1, 0.6, 0, 1)).ids()).containsExactly(1, 2);
        assertThat(of(logProbs, new SamplingSettings(1, 0.8, 0, 1)).ids()).containsExactly(0, 1, 2);
    }

    /** A token owns [mass before it, mass with it), so that equal tokens are drawn equally often. */
    @Test
    void theEndOfATokensIntervalBelongsToTheNext() {
        Candidates fair = of(new float[] {-1, -1}, new SamplingSettings(1, 1, 0, 1));
        assertThat(fair.draw(Math.nextDown(0.5))).isZero();
        assertThat(fair.draw(0.5)).isEqualTo(1);
    }

    @Test
    void impossibleTokensAreNeverDrawn() {
        float[] logProbs = {Float.NEGATIVE_INFINITY, -1, -1, Float.NEGATIVE_INFINITY};
        for (double topP : new double[] {1, 0.999}) {
            Candidates left = of(logProbs, new SamplingSettings(1, topP, 0, 1));
            assertThat(left.draw(0)).isEqualTo(1);
            assertThat(left.draw(1 - 0x1.0p-53)).isEqualTo(2);
        }
    }
}
