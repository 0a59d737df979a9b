package org.hone.data.world;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The random draws of one item of the world.
 *
 * <p>Each item has its own generator, seeded from (seed of the world, kind of item, index), so an item is the same
 * whoever asks for it and in whatever order. Only {@link SplittableRandom#nextLong()} is used, whose sequence
 * (SplitMix64) is the same on every Java platform; the mapping to smaller ranges is done here, since the
 * platform's may change between releases.
 */
final class Draws {
    private final SplittableRandom random;

    private Draws(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The draws of the item at an index among the items of a kind. */
    static Draws of(long seed, Purpose kind, long index) {
        return new Draws(mix(mix(mix(seed) + kind.place + 1) + index));
    }

    /** The finaliser of SplitMix64: a bijection of the 64-bit numbers without visible pattern. */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** A number in [0, bound), uniform to within bound / 2^63. */
    int below(int bound) {
        return (int) Math.floorMod(random.nextLong() >>> 1, (long) bound);
    }

    /** True with the given probability. */
    boolean chance(double probability) {
        return uniform() < probability;
    }

    /** One of the choices. */
    <T> T oneOf(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** A draw of the standard logistic distribution: log(u / (1 - u)). */
    double logistic() {
        double u = uniform() + 0x1p-54;
        return StrictMath.log(u / (1 - u));
    }

    private double uniform() {
        return (random.nextLong() >>> 11) * 0x1p-53;
    }
}
