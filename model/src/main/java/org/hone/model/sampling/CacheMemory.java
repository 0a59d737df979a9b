package org.hone.model.sampling;

/** How much of the memory for keys and values is taken, counted in tokens. */
final class CacheMemory {
    private final long capacity;
    private long taken;

    CacheMemory(long capacity) {
        this.capacity = capacity;
    }

    long capacity() {
        return capacity;
    }

    boolean fits(long tokens) {
        return taken + tokens <= capacity;
    }

    void take(long tokens) {
        taken += tokens;
    }

    void give(long tokens) {
        taken -= tokens;
    }
}
