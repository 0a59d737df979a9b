package org.hone.data.curation;

/** The hash functions under everything that curation compares; the same numbers on every platform. */
final class Mixing {
    static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Mixing() {}

    /** SplitMix64's output function: a bijection of the 64-bit numbers that spreads every input bit. */
    static long finalise(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    static long start() {
        return FNV_OFFSET;
    }

    static long step(long hash, int codePoint) {
        return (hash ^ codePoint) * FNV_PRIME;
    }

    /** Of a text as it stands, code point by code point. */
    static long text(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = step(hash, text.charAt(i));
        }
        return finalise(hash);
    }
}
