package org.hone.model.random;

/** Shuffles row numbers: the order of an epoch as a function of its seed alone. */
public final class Permutation {
    private Permutation() {}

    /**
     * A uniformly drawn permutation of 0 … n-1 (Fisher-Yates, from the last place down).
     *
     * @param size n, at least 0
     * @param seed which permutation
     * @return the permutation, the value at place i being the row that comes i-th
     */
    public static int[] of(int size, long seed) {
        if (size < 0) {
            throw new IllegalArgumentException("size: " + size + " must be at least 0");
        }
        int[] order = new int[size];
        for (int place = 0; place < size; place++) {
            order[place] = place;
        }
        CounterRandom random = new CounterRandom(seed);
        for (int place = size - 1; place > 0; place--) {
            int other = random.below(place, place + 1);
            int held = order[place];
            order[place] = order[other];
            order[other] = held;
        }
        return order;
    }
}
