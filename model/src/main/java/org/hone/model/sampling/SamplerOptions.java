package org.hone.model.sampling;

/**
 * What a sampler may use, and what ends responses.
 *
 * @param rows tokens that go through the policy at once. Part of what a response depends on: another number adds up in another
 *     order, and a rounding error now and then makes another token
 * @param cacheBytes the most memory for keys and values; less makes it slower and changes nothing else
 * @param stop what ends a response besides EOS and its length
 */
public record SamplerOptions(int rows, long cacheBytes, StopRule stop) {
    /** The rows that candidates are sampled with. */
    public static final int ROWS = 64;

    /**
     * Checks the ranges.
     *
     * @param rows 1, 2, 4, 8 or a multiple of 16
     * @param cacheBytes at least 1
     * @param stop any
     */
    public SamplerOptions {
        if (rows < 1 || (rows % Family.STRETCH != 0 && Family.STRETCH % rows != 0)) {
            throw new IllegalArgumentException(
                    "rows: " + rows + " must be 1, 2, 4, 8 or a multiple of " + Family.STRETCH);
        }
        if (cacheBytes < 1) {
            throw new IllegalArgumentException("cache-bytes: " + cacheBytes + " must be at least 1");
        }
    }

    /**
     * The usual rows, and nothing but EOS and length ends a response.
     *
     * @param cacheBytes the most memory for keys and values
     * @return the options
     */
    public static SamplerOptions of(long cacheBytes) {
        return new SamplerOptions(ROWS, cacheBytes, StopRule.NEVER);
    }
}
