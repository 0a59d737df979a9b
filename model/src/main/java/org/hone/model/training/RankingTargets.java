package org.hone.model.training;

import java.util.Arrays;

/**
 * What is known of the pairs of a batch. Responses are counted as they are packed: of every pair the chosen one, then the
 * rejected one.
 *
 * @param margins m(r) of each pair's rating, at least 0, (B)
 * @param labelled whether it is known of a response whether it is safe, (2 B)
 * @param safe whether a response is safe, (2 B); says nothing where that is not known
 */
@SuppressWarnings("ArrayRecordComponent") // hot path, never compared
public record RankingTargets(float[] margins, boolean[] labelled, boolean[] safe) {
    /**
     * Checks that the parts fit together.
     *
     * @param margins B
     * @param labelled 2 B
     * @param safe 2 B
     */
    public RankingTargets {
        if (labelled.length != 2 * margins.length || safe.length != labelled.length) {
            throw new IllegalArgumentException(margins.length + " pairs cannot have " + labelled.length + " and "
                    + safe.length + " labels; one a response is allowed");
        }
    }

    /**
     * Pairs of which nobody knows what is safe.
     *
     * @param margins m(r) of each pair's rating, at least 0, (B)
     * @return the targets
     */
    public static RankingTargets of(float[] margins) {
        return new RankingTargets(margins, new boolean[2 * margins.length], new boolean[2 * margins.length]);
    }

    /** {@return B} */
    int pairs() {
        return margins.length;
    }

    /** The places of the labelled responses among the 2 B. */
    int[] places() {
        int[] places = new int[labelled.length];
        int count = 0;
        for (int i = 0; i < labelled.length; i++) {
            if (labelled[i]) {
                places[count++] = i;
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** Whether the responses at some places are safe. */
    boolean[] safeAt(int[] places) {
        boolean[] found = new boolean[places.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = safe[places[i]];
        }
        return found;
    }
}
