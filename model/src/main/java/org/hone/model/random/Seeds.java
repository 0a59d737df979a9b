package org.hone.model.random;

import java.nio.charset.StandardCharsets;

/**
 * Derives one seed from all that a draw depends on, such as (run, round, step, prompt id, sample).
 *
 * <p>Retried, speculative and moved tasks then draw what the first attempt drew, because neither a partition
 * number nor an attempt number takes part. The mixing is SplitMix64's finaliser (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014), so the same numbers come out on every platform.
 */
public final class Seeds {
    /** 2^64 divided by the golden ratio, made odd: SplitMix64's step. */
    static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final long FNV_OFFSET_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Seeds() {}

    /**
     * Mixes values into one seed; their order and their number matter.
     *
     * @param values what the draw depends on; texts enter through {@link #hash(String)}
     * @return the seed
     */
    public static long mix(long... values) {
        long seed = finalise(GOLDEN_GAMMA * (values.length + 1L));
        for (long value : values) {
            seed = finalise(seed + GOLDEN_GAMMA + finalise(value));
        }
        return seed;
    }

    /**
     * Turns a text into a number for {@link #mix}: FNV-1a over its UTF-8 bytes, 64 bits.
     *
     * @param text for example a prompt id
     * @return the hash, the same in every process
     */
    public static long hash(String text) {
        long hash = FNV_OFFSET_BASIS;
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (value & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }

    /** SplitMix64's output function: a bijection of the 64-bit numbers that spreads every input bit. */
    static long finalise(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
