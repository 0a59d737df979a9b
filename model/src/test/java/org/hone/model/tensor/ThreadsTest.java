package org.hone.model.tensor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ThreadsTest {
    /**
     * Without the environment variables, which the build sets for its tests, the two libraries start a thread a core. A
     * process of its own shows that the setting alone is enough.
     */
    @Test
    void oneThreadIsOneThreadWithoutEnvironmentVariables() throws IOException, InterruptedException {
        if (!Files.isDirectory(Path.of("/proc/self/task"))) {
            return; // threads can be counted so on Linux only
        }
        assertThat(threadsBusy(1)).isEqualTo(1);
        assertThat(threadsBusy(2)).as("the control").isGreaterThan(1);
    }

    private static int threadsBusy(int allowed) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                Multiplications.class.getName(),
                String.valueOf(allowed)));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isLessThan(100);
        return process.exitValue();
    }

    @Test
    void zeroThreadsAreRefused() {
        assertThatThrownBy(() -> Threads.use(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads: 0 must be at least 1");
    }
}
