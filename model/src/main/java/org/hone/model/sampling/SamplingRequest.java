package org.hone.model.sampling;

import java.util.List;

/**
 * A prompt and the responses that are wanted to it.
 *
 * @param key what the one who asks knows it by
 * @param prompt token ids, BOS included, at least one; nobody changes them
 * @param draws one a response, at least one; their settings may differ, so several temperatures go through at once
 * @param <T> the kind of key
 */
@SuppressWarnings("ArrayRecordComponent") // hot path: a flat primitive array, which nobody changes
public record SamplingRequest<T>(T key, int[] prompt, List<Draw> draws) {
    /**
     * Checks that there is something to do.
     *
     * @param key any
     * @param prompt at least one token
     * @param draws at least one
     */
    public SamplingRequest {
        if (prompt.length == 0 || draws.isEmpty()) {
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens and " + draws.size()
                    + " responses wanted; at least 1 of each is needed");
        }
        draws = List.copyOf(draws);
    }
}
