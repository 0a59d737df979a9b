package org.hone.spark.cluster;

import java.io.IOException;
import java.util.NoSuchElementException;

/** Makes an executor process slow, by stopping it most of the time. */
final class SlowExecutor implements AutoCloseable {
    /** It works a tenth of the time; a shell's loop needs no core of its own. */
    private static final String STOP_AND_GO =
            "while kill -CONT $0; do sleep 0.02; kill -STOP $0; sleep 0.18; done 2>/dev/null";

    private final ProcessHandle executor;
    private final Process brake;

    private SlowExecutor(ProcessHandle executor) throws IOException {
        this.executor = executor;
        this.brake = new ProcessBuilder("sh", "-c", STOP_AND_GO, Long.toString(executor.pid())).start();
    }

    /** One of the executors of this process's local cluster. */
    static SlowExecutor any() throws IOException {
        return new SlowExecutor(
                Executors.alive().findAny().orElseThrow(() -> new NoSuchElementException("no executor is alive")));
    }

    boolean isHeldUp() {
        return brake.isAlive();
    }

    @Override
    public void close() throws IOException {
        brake.destroyForcibly().onExit().join();
        new ProcessBuilder("kill", "-CONT", Long.toString(executor.pid()))
                .start()
                .onExit()
                .join();
    }
}
