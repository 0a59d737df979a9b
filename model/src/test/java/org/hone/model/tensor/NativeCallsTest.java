package org.hone.model.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class NativeCallsTest {
    @TempDir
    private Path temporary;

    /** Calls for longer than the virtual machine waits by itself, in a thread that does not keep the process alive; then calls again. */
    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        Thread caller = new Thread(() -> {
            Memory.load();
            Native.unowned(() -> {
                touch(folder.resolve("begun"));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1500));
                return touch(folder.resolve("ended"));
            });
            Native.unowned(() -> touch(folder.resolve("called again")));
        });
        caller.setDaemon(true);
        caller.start();
        Thread.sleep(50_000);
    }

    private static Path touch(Path file) {
        try {
            return Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTerminatedProcessEndsAfterTheCallThatRunsAndBeforeAnother() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        NativeCallsTest.class.getName(),
                        temporary.toString())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("log").toFile())
                .start();
        while (process.isAlive() && !Files.exists(temporary.resolve("begun"))) {
            Thread.sleep(10);
        }
        process.destroy();

        assertThat(process.waitFor()).isEqualTo(128 + 15); // SIGTERM
        assertThat(temporary.resolve("ended")).exists();
        assertThat(temporary.resolve("called again")).doesNotExist();
    }
}
