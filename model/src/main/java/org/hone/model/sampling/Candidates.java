package org.hone.model.sampling;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The tokens that one position may take, and their weights. Memory for one row, used again and again; not for two threads.
 */
final class Candidates {
    private final SamplingSettings settings;
    private final int vocabulary;
    private final int[] ids;
    private final double[] weights;
    private final long[] order;
    private int count;
    private double mass;

    Candidates(SamplingSettings settings, int vocabulary) {
        this.settings = settings;
        this.vocabulary = vocabulary;
        this.ids = new int[vocabulary];
        this.weights = new double[vocabulary];
        this.order = new long[vocabulary];
    }

    /**
     * Takes the tokens that temperature, top-k and top-p leave.
     *
     * @param logProbs ln π of every token of several rows, at temperature 1
     * @param row which row
     * @return this
     */
    Candidates of(float[] logProbs, int row) {
        int start = row * vocabulary;
        int best = mostProbable(logProbs, start);
        count = 0;
        mass = 0;
        if (settings.temperature() == 0) {
            add(best, 1);
            return this;
        }
        float largest = logProbs[start + best];
        float floor = settings.topK() == 0 || settings.topK() >= vocabulary
                ? Float.NEGATIVE_INFINITY
                : topKFloor(logProbs, start);
        double inverse = 1 / settings.temperature();
        for (int id = 0; id < vocabulary; id++) {
            float logProb = logProbs[start + id];
            if (logProb >= floor) {
                // a temperature near 0 makes the inverse infinite, and 0 · ∞ is not a number
                add(id, logProb == largest ? 1 : Math.exp((logProb - largest) * inverse));
            }
        }
        if (settings.topP() < 1) {
            keepNucleus(logProbs, start);
        }
        return this;
    }

    private void add(int id, double weight) {
        ids[count] = id;
        weights[count++] = weight;
        mass += weight;
    }

    private int mostProbable(float[] logProbs, int start) {
        int best = 0;
        for (int id = 1; id < vocabulary; id++) {
            if (logProbs[start + id] > logProbs[start + best]) {
                best = id;
            }
        }
        float largest = logProbs[start + best];
        if (Float.isNaN(largest) || largest == Float.NEGATIVE_INFINITY) {
            throw new IllegalStateException("the policy's logits are not numbers, so no token can be drawn from them;"
                    + " the policy diverged in training, or its weights are damaged");
        }
        return best;
    }

    /** The k-th largest number; tokens that equal it are all kept, as Hugging Face does. */
    private float topKFloor(float[] logProbs, int start) {
        PriorityQueue<Float> largest = new PriorityQueue<>(settings.topK());
        for (int id = 0; id < vocabulary; id++) {
            float logProb = logProbs[start + id];
            if (largest.size() < settings.topK()) {
                largest.add(logProb);
            } else if (logProb > largest.element()) {
                largest.remove();
                largest.add(logProb);
            }
        }
        return largest.element();
    }

    /**
     * Keeps the fewest tokens, most probable first, whose mass reaches p; of equals the first id. Exact without sorting the
     * vocabulary: n tokens with weights below (1 − p) / n of the mass have less than 1 − p of it together.
     */
    private void keepNucleus(float[] logProbs, int start) {
        double least = (1 - settings.topP()) * mass / count;
        int sorted = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= least) {
                order[sorted++] = ((long) descending(logProbs[start + ids[i]]) << Integer.SIZE) | i;
            }
        }
        Arrays.sort(order, 0, sorted);
        double wanted = settings.topP() * mass;
        int kept = 0;
        mass = 0;
        int[] keptIds = new int[sorted];
        double[] keptWeights = new double[sorted];
        while (kept < sorted && mass < wanted) {
            int place = (int) order[kept];
            keptIds[kept] = ids[place];
            keptWeights[kept] = weights[place];
            mass += weights[place];
            kept++;
        }
        System.arraycopy(keptIds, 0, ids, 0, kept);
        System.arraycopy(keptWeights, 0, weights, 0, kept);
        count = kept;
    }

    /** A whole number that is the smaller the larger x is, so that Java sorts tokens without making objects. */
    private static int descending(float x) {
        int bits = Float.floatToIntBits(x);
        return ~(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
    }

    /**
     * Draws by inversion.
     *
     * @param uniform in [0, 1)
     * @return a token, with probability its weight / the mass
     */
    int draw(double uniform) {
        double target = uniform * mass;
        double reached = 0;
        int last = ids[0];
        for (int i = 0; i < count; i++) {
            if (weights[i] > 0) {
                last = ids[i];
                reached += weights[i];
                if (reached > target) {
                    return last;
                }
            }
        }
        return last; // uniform · mass was rounded up to the mass
    }

    /** The tokens kept, in the order of their ids, or most probable first if there is a nucleus. */
    int[] ids() {
        return Arrays.copyOf(ids, count);
    }
}
