package org.hone.model.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hone.model.llama.BranchCache;
import org.hone.model.llama.DecodingStep;

/** Responses to one prompt that were begun in the same step, and have equally many tokens since. */
final class Cohort<T> implements AutoCloseable {
    private static final int FIRST_CAPACITY = 32;

    private final Family<T> family;
    private final List<Response> responses;
    private final BranchCache cache;

    /**
     * Begins responses whose first token is drawn.
     *
     * @param family whose prompt they go on from
     * @param responses unfinished
     */
    Cohort(Family<T> family, List<Response> responses) {
        this.family = family;
        this.responses = new ArrayList<>(responses);
        this.cache = new BranchCache(family.prompt(), responses.size(), firstCapacity(responses));
    }

    /** Tokens of cache that it begins with. */
    static long firstTokens(List<Response> responses) {
        return (long) responses.size() * firstCapacity(responses);
    }

    private static int firstCapacity(List<Response> responses) {
        return Math.min(FIRST_CAPACITY, longest(responses));
    }

    /** The most tokens that one of them puts into the cache: the last that is drawn is never run. */
    static int longest(List<Response> responses) {
        return Math.max(1, responses.stream().mapToInt(Response::longest).max().orElse(1) - 1);
    }

    Family<T> family() {
        return family;
    }

    List<Response> responses() {
        return responses;
    }

    /** Tokens of cache that it has. */
    long tokens() {
        return (long) cache.allocatedRows() * cache.capacity();
    }

    boolean isFull() {
        return cache.length() == cache.capacity();
    }

    /** Tokens for each response that it should have when it is full. */
    int nextCapacity() {
        return Math.min(2 * cache.capacity(), longest(responses));
    }

    void grow(int capacity) {
        cache.grow(capacity);
    }

    /** Takes a row for the newest token of every response. */
    void into(DecodingStep step) {
        int[] newest = new int[responses.size()];
        Arrays.setAll(newest, row -> responses.get(row).last());
        step.branches(cache, newest);
    }

    /** Lets responses that have ended go. */
    void removeFinished() {
        for (int row = responses.size() - 1; row >= 0; row--) {
            if (responses.get(row).finished()) {
                cache.remove(row);
                Response last = responses.remove(responses.size() - 1);
                if (row < responses.size()) {
                    responses.set(row, last);
                }
            }
        }
    }

    @Override
    public void close() {
        cache.close();
    }
}
