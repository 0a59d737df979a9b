package org.hone.model.random;

/**
 * Random numbers that are looked up by (seed, counter) and not drawn one after the other.
 *
 * <p>The number at counter c is SplitMix64's c-th output for the seed. Whoever needs the number at position 7
 * gets it without the six before it, so a resumed or reordered computation meets the same numbers.
 *
 * @param seed names the stream, usually from {@link Seeds#mix}
 */
public record CounterRandom(long seed) {
    private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

    /**
     * The 64 random bits at a counter.
     *
     * @param counter which number of the stream, from 0
     * @return all 64 bits
     */
    public long bits(long counter) {
        return Seeds.finalise(seed + Seeds.GOLDEN_GAMMA * (counter + 1));
    }

    /**
     * The uniform number at a counter: a multiple of 2^-53.
     *
     * @param counter which number of the stream, from 0
     * @return a number in [0, 1)
     */
    public double uniform(long counter) {
        return (bits(counter) >>> 11) * TWO_TO_MINUS_53;
    }

    /**
     * The integer at a counter: floor(b · bound / 2^63) for 63 random bits b.
     *
     * <p>The chance of one value differs from another's by at most 2^-32, which no experiment sees; in return
     * exactly one number of the stream is used.
     *
     * @param counter which number of the stream, from 0
     * @param bound above 0
     * @return a number in [0, bound)
     */
    public int below(long counter, int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound: " + bound + " must be at least 1");
        }
        return (int) Math.multiplyHigh(bits(counter) >>> 1, 2L * bound);
    }
}
