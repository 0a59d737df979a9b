package org.hone.model.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The tokens that one position may take, and their weights. Memory for one row, used again and again; not for two threads.
 *
 * <p>Tokens of about the same probability are of one kind. The mass of every kind takes one pass over the vocabulary; after that only
 * the tokens of two kinds are looked at, that in which the nucleus ends and that from which is drawn, and next to nothing is sorted: a
 * policy that is not sure of anything would have its whole vocabulary sorted.
 */
final class Candidates {
    /** Probabilities are told apart by their exponent and four more bits; the sign is always 0. */
    private static final int KIND_SHIFT = 19;

    /** Of numbers below 2: a softmax may round to a bit more than 1. */
    private static final int KINDS = 1 << (30 - KIND_SHIFT);

    /** Within a kind, by the ten bits that follow. */
    private static final int FINE_SHIFT = KIND_SHIFT - 10;

    private static final int FINE_KINDS = 1 << (KIND_SHIFT - FINE_SHIFT);

    /** Sums that are built side by side: neighbours are often of one kind, and would wait for each other. */
    private static final int LANES = 4;

    private final int vocabulary;
    private final double[] massOfLane = new double[KINDS * LANES];
    private final double[] massOfKind = new double[KINDS];
    private final double[] massOfFine = new double[FINE_KINDS];
    private final int[] members;
    private final long[] places;

    private float[] probabilities = {};
    private int start;
    private float floor;

    /** The kinds between which all tokens are; what is said of others is of rows before. */
    private int leastKind;

    private int mostKind;

    /** The least probable kind of which something is kept, the last of its tokens that is, and the mass of those. */
    private int lastKind;

    private long border;
    private double borderMass;
    private double mass;

    Candidates(int vocabulary) {
        this.vocabulary = vocabulary;
        this.members = new int[vocabulary];
        this.places = new long[vocabulary];
    }

    /**
     * Takes the tokens that top-k and top-p leave.
     *
     * @param probabilities of every token of several rows, at the temperature; not to be changed while this is used
     * @param row which row
     * @param settings whose top-k and top-p
     * @return this
     */
    Candidates of(float[] probabilities, int row, SamplingSettings settings) {
        this.probabilities = probabilities;
        start = row * vocabulary;
        floor = settings.topK() == 0 || settings.topK() >= vocabulary
                ? 0
                : topKFloor(probabilities, start, settings.topK(), vocabulary);
        double whole = weigh();
        if (settings.topP() < 1) {
            cut(settings.topP() * whole);
        } else {
            lastKind = leastKind;
            border = Long.MAX_VALUE;
            borderMass = massOfKind[leastKind];
            mass = whole;
        }
        return this;
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

    /** Fills in the mass of every kind that there is, and returns that of all. */
    private double weigh() {
        leastKind = KINDS - 1;
        mostKind = 0;
        for (int id = 0; id < vocabulary; id++) {
            float weight = probabilities[start + id];
            if (weight > 0 && weight >= floor) {
                int kind = kind(weight);
                massOfLane[kind * LANES + id % LANES] += weight;
                leastKind = Math.min(leastKind, kind);
                mostKind = Math.max(mostKind, kind);
            }
        }
        double whole = 0;
        for (int kind = mostKind; kind >= leastKind; kind--) {
            massOfKind[kind] = takeLanes(kind * LANES);
            whole += massOfKind[kind];
        }
        return whole;
    }

    /** Leaves them empty for the next row. */
    private double takeLanes(int first) {
        double sum = massOfLane[first] + massOfLane[first + 1] + massOfLane[first + 2] + massOfLane[first + 3];
        Arrays.fill(massOfLane, first, first + LANES, 0);
        return sum;
    }

    /** Keeps the fewest tokens, most probable first, whose mass reaches what is wanted; of equals the first id. */
    private void cut(double wanted) {
        double above = 0;
        lastKind = mostKind;
        while (lastKind > leastKind && above + massOfKind[lastKind] < wanted) {
            above += massOfKind[lastKind--];
        }
        cutKind(wanted - above);
        mass = above + borderMass;
    }

    /** Of the last kind, finds the last token that is needed to reach a mass. */
    private void cutKind(double wanted) {
        Arrays.fill(massOfFine, 0);
        int count = 0;
        int leastFine = FINE_KINDS - 1;
        for (int id = 0; id < vocabulary; id++) {
            float weight = probabilities[start + id];
            if (kind(weight) == lastKind && weight >= floor) {
                int fine = fine(weight);
                members[count++] = id;
                massOfFine[fine] += weight;
                leastFine = Math.min(leastFine, fine);
            }
        }
        double reached = 0;
        int fine = FINE_KINDS - 1;
        while (fine > leastFine && reached + massOfFine[fine] < wanted) {
            reached += massOfFine[fine--];
        }
        int sorted = 0;
        for (int i = 0; i < count; i++) {
            float weight = probabilities[start + members[i]];
            if (fine(weight) == fine) {
                places[sorted++] = place(weight, members[i]);
            }
        }
        Arrays.sort(places, 0, sorted);
        int needed = 0;
        while (needed < sorted && reached < wanted) {
            reached += probabilities[start + (int) places[needed++]];
        }
        border = needed == 0 ? Long.MIN_VALUE : places[needed - 1];
        borderMass = reached;
    }

    /** Exponent and first bits of a probability: larger for larger ones. */
    private static int kind(float probability) {
        return Float.floatToRawIntBits(probability) >>> KIND_SHIFT;
    }

    private static int fine(float probability) {
        return (Float.floatToRawIntBits(probability) >>> FINE_SHIFT) & (FINE_KINDS - 1);
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

    private boolean isKept(int id) {
        float weight = probabilities[start + id];
        int kind = kind(weight);
        return weight > 0 && weight >= floor && (kind > lastKind || (kind == lastKind && place(weight, id) <= border));
    }

    /**
     * Draws by inversion: kind after kind from the most probable on, and by id within a kind.
     *
     * @param uniform in [0, 1)
     * @return a token, with probability its weight / the mass
     */
    int draw(double uniform) {
        double target = uniform * mass;
        double above = 0;
        double aboveDrawn = 0;
        int drawn = lastKind;
        // uniform · mass may be rounded up to the mass: then the last kind that has any is drawn from
        for (int kind = mostKind; kind >= lastKind && above <= target; kind--) {
            double here = kind == lastKind ? borderMass : massOfKind[kind];
            if (here > 0) {
                drawn = kind;
                aboveDrawn = above;
                above += here;
            }
        }
        return drawFrom(drawn, target - aboveDrawn);
    }

    private int drawFrom(int kind, double target) {
        double reached = 0;
        int last = 0;
        for (int id = 0; id < vocabulary; id++) {
            if (kind(probabilities[start + id]) == kind && isKept(id)) {
                reached += probabilities[start + id];
                last = id;
                if (reached > target) {
                    break;
                }
            }
        }
        return last;
    }

    /** The tokens kept, in the order of their ids. */
    int[] ids() {
        return IntStream.range(0, vocabulary).filter(this::isKept).toArray();
    }
}
