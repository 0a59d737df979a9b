package org.hone.data.tokenizer;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** A native object that many threads may read, and that is freed once, when none of them is within it. */
final class NativeHandle implements AutoCloseable {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final String name;
    private final long address;
    private final LongConsumer free;
    private boolean closed;

    NativeHandle(String name, long address, LongConsumer free) {
        this.name = name;
        this.address = address;
        this.free = free;
    }

    <T> T use(LongFunction<T> call) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(name + " is closed; open it again");
            }
            return call.apply(address);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free.accept(address);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
