package org.hone.model.sampling;

import java.util.Arrays;
import org.hone.model.random.CounterRandom;
import org.jspecify.annotations.Nullable;

/** One row while it is drawn. Its randomness is looked up by (seed, position), so no other row can shift it. */
final class Response {
    private final CounterRandom random;
    private int[] ids = new int[16];
    private float[] logProbs = new float[16];
    private int length;
    private @Nullable FinishReason reason;

    Response(long seed) {
        this.random = new CounterRandom(seed);
    }

    boolean finished() {
        return reason != null;
    }

    void finish(FinishReason why) {
        reason = why;
    }

    double uniform() {
        return random.uniform(length);
    }

    void add(int id, float logProb) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
            logProbs = Arrays.copyOf(logProbs, 2 * length);
        }
        ids[length] = id;
        logProbs[length++] = logProb;
    }

    int last() {
        return ids[length - 1];
    }

    Completion completion(FinishReason otherwise) {
        return new Completion(
                Arrays.copyOf(ids, length), Arrays.copyOf(logProbs, length), reason == null ? otherwise : reason);
    }
}
