package org.hone.spark.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Kills executor processes in the middle of their work. */
final class ExecutorKiller implements AutoCloseable {
    private final Deque<Path> moments;
    private final AtomicInteger killed = new AtomicInteger();
    private volatile boolean done;

    /** Kills one at each moment: when the file or folder appears. */
    ExecutorKiller(List<Path> appearances) {
        moments = new ArrayDeque<>(appearances);
        Thread thread = new Thread(this::watch, "executor killer");
        thread.setDaemon(true);
        thread.start();
    }

    int killed() {
        return killed.get();
    }

    private void watch() {
        while (!done && !moments.isEmpty()) {
            if (Files.exists(moments.element())) {
                moments.remove();
                Executors.alive().findAny().ifPresent(process -> {
                    process.destroyForcibly();
                    killed.incrementAndGet();
                });
            }
            // the other threads of this process need the core
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        done = true;
    }
}
