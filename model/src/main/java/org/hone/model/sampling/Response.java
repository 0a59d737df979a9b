package org.hone.model.sampling;

import java.util.Arrays;
import org.hone.model.random.CounterRandom;
import org.jspecify.annotations.Nullable;

/** One response while it is drawn. Its randomness is looked up by (seed, position), so nothing else can shift it. */
final class Response {
    private final int number;
    private final Draw draw;
    private final int longest;
    private final FinishReason atLongest;
    private final CounterRandom random;
    private int[] ids = new int[16];
    private float[] logProbs = new float[16];
    private int length;
    private @Nullable FinishReason reason;

    /**
     * An empty one.
     *
     * @param number which of the prompt's draws it is
     * @param draw what is wanted
     * @param room tokens that the context has room for behind the prompt
     */
    Response(int number, Draw draw, int room) {
        this.number = number;
        this.draw = draw;
        int wanted = draw.settings().maxNewTokens();
        this.longest = Math.min(room, wanted);
        this.atLongest = wanted <= room ? FinishReason.LENGTH : FinishReason.CONTEXT;
        this.random = new CounterRandom(draw.seed());
        if (longest == 0) {
            reason = atLongest;
        }
    }

    int number() {
        return number;
    }

    SamplingSettings settings() {
        return draw.settings();
    }

    /** Tokens that it may have; the last of them is never run. */
    int longest() {
        return longest;
    }

    double uniform() {
        return random.uniform(length);
    }

    void add(int id, float logProb, int eosId, StopRule stop) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
            logProbs = Arrays.copyOf(logProbs, 2 * length);
        }
        ids[length] = id;
        logProbs[length++] = logProb;
        if (id == eosId) {
            reason = FinishReason.EOS;
        } else if (stop.stops(ids, length)) {
            reason = FinishReason.STOP;
        } else if (length == longest) {
            reason = atLongest;
        }
    }

    boolean finished() {
        return reason != null;
    }

    int last() {
        return ids[length - 1];
    }

    /** The tokens so far. */
    int[] ids() {
        return Arrays.copyOf(ids, length);
    }

    Completion completion() {
        if (reason == null) {
            throw new IllegalStateException("response " + number + " has not ended yet");
        }
        return new Completion(ids(), Arrays.copyOf(logProbs, length), reason);
    }
}
