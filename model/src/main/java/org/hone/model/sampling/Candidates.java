package org.hone.model.sampling;

import java.util.Arrays;

/**
 * The tokens that one position may take, and their weights. Memory for one row, used again and again; not for two threads.
 */
final class Candidates {
    /** Probabilities are told apart by their exponent and four more bits; the sign is always 0. */
    private static final int KIND_SHIFT = 19;

    private static final int KINDS = 1 << (31 - KIND_SHIFT);

    private final int vocabulary;
    private final int[] ids;
    private final double[] weights;
    private final long[] order;
    private final double[] massOfKind = new double[KINDS];
    private int count;
    private double mass;

    Candidates(int vocabulary) {
        this.vocabulary = vocabulary;
        this.ids = new int[vocabulary];
        this.weights = new double[vocabulary];
        this.order = new long[vocabulary];
    }

    /**
     * Takes the tokens that top-k and top-p leave.
     *
     * @param probabilities of every token of several rows, at the temperature
     * @param row which row
     * @param settings whose top-k and top-p
     * @return this
     */
    Candidates of(float[] probabilities, int row, SamplingSettings settings) {
        int start = row * vocabulary;
        float floor = settings.topK() == 0 || settings.topK() >= vocabulary
                ? 0
                : topKFloor(probabilities, start, settings.topK(), vocabulary);
        count = 0;
        mass = 0;
        if (settings.topP() < 1) {
            nucleus(probabilities, start, floor, settings.topP());
        } else {
            for (int id = 0; id < vocabulary; id++) {
                float weight = probabilities[start + id];
                if (weight > 0 && weight >= floor) {
                    add(id, weight);
                }
            }
        }
        return this;
    }

    private void add(int id, double weight) {
        ids[count] = id;
        weights[count++] = weight;
        mass += weight;
    }

    /** The k-th largest number; tokens that equal it are all kept, as Hugging Face does. */
    private static float topKFloor(float[] probabilities, int start, int k, int vocabulary) {
        float[] largest = Arrays.copyOfRange(probabilities, start, start + k);
        Arrays.sort(largest);
        for (int id = k; id < vocabulary; id++) {
            float probability = probabilities[start + id];
            if (probability > largest[0]) {
                int place = 1;
                while (place < k && largest[place] < probability) {
                    largest[place - 1] = largest[place];
                    place++;
                }
                largest[place - 1] = probability;
            }
        }
        return largest[0];
    }

    /**
     * Keeps the fewest tokens, most probable first, whose mass reaches p; of equals the first id. Only the tokens about as probable
     * as the last one that is kept are sorted: a policy that is not sure of anything would have its whole vocabulary sorted.
     */
    private void nucleus(float[] probabilities, int start, float floor, double p) {
        Arrays.fill(massOfKind, 0);
        double whole = 0;
        for (int i = start; i < start + vocabulary; i++) {
            float weight = probabilities[i];
            if (weight >= floor) {
                massOfKind[kind(weight)] += weight;
                whole += weight;
            }
        }
        double wanted = p * whole;
        double reached = 0;
        int last = KINDS - 1;
        while (last > 0 && reached + massOfKind[last] < wanted) {
            reached += massOfKind[last--];
        }
        long border = border(probabilities, start, floor, last, wanted - reached);
        for (int id = 0; id < vocabulary; id++) {
            float weight = probabilities[start + id];
            if (weight >= floor && (kind(weight) > last || (kind(weight) == last && place(weight, id) <= border))) {
                add(id, weight);
            }
        }
    }

    /** Of the tokens of a kind, the place of the last that is needed to reach a mass. */
    private long border(float[] probabilities, int start, float floor, int kind, double wanted) {
        int sorted = 0;
        for (int id = 0; id < vocabulary; id++) {
            float weight = probabilities[start + id];
            if (weight >= floor && kind(weight) == kind) {
                order[sorted++] = place(weight, id);
            }
        }
        Arrays.sort(order, 0, sorted);
        double reached = 0;
        int needed = 0;
        while (needed < sorted && reached < wanted) {
            reached += probabilities[start + (int) order[needed++]];
        }
        return needed == 0 ? Long.MIN_VALUE : order[needed - 1];
    }

    /** Exponent and first bits of a probability: larger for larger ones. */
    private static int kind(float probability) {
        return Float.floatToRawIntBits(probability) >>> KIND_SHIFT;
    }

    /** Where a token stands among all: the most probable first, of equals the first id. */
    private static long place(float probability, int id) {
        return ((long) descending(probability) << Integer.SIZE) | id;
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
        for (int i = 0; i < count; i++) {
            reached += weights[i];
            if (reached > target) {
                return ids[i];
            }
        }
        return ids[count - 1]; // uniform · mass was rounded up to the mass
    }

    /** The tokens kept, in the order of their ids. */
    int[] ids() {
        return Arrays.copyOf(ids, count);
    }
}
