package org.hone.spark.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills an executor process in the middle of the reward model's training, and another one in the fine-tuning. */
final class ExecutorKiller implements AutoCloseable {
    private final Deque<Path> moments;
    private final AtomicInteger killed = new AtomicInteger();
    private volatile boolean done;

    ExecutorKiller(Path run) {
        String firstCheckpoint = "checkpoints/step-000000000002/state.json";
        moments = new ArrayDeque<>(List.of(
                run.resolve("reward-model").resolve(firstCheckpoint),
                run.resolve("fine-tune").resolve(firstCheckpoint)));
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
                executor().ifPresent(process -> {
                    process.destroyForcibly();
                    killed.incrementAndGet();
                });
            }
            Thread.onSpinWait();
        }
    }

    private static Optional<ProcessHandle> executor() {
        // A local cluster's executors are the only processes that this one starts.
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).findAny();
    }

    @Override
    public void close() {
        done = true;
    }
}
