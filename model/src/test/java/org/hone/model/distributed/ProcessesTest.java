package org.hone.model.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Ranks in processes of their own. */
@Timeout(120)
class ProcessesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String LOOPBACK = "127.0.0.1";

    @TempDir
    private Path temporary;

    static String sum(Communicator communicator) {
        Tensor values = Tensors.of(new float[] {1 + 10 * communicator.rank(), 0.1f, 1e-8f});
        communicator.treeAllReduceSum(values);
        return Arrays.toString(values.toFloats()) + Arrays.toString(communicator.allReduceSum(2.0));
    }

    private Process child(String what, String address) throws IOException {
        return ChildProcess.start(
                Map.of(), List.of(what, temporary.resolve("result").toString(), address), temporary.resolve("log"));
    }

    @Test
    void twoProcessesAgree() throws IOException, InterruptedException {
        try (Rendezvous rendezvous = Rendezvous.host(LOOPBACK, TIMEOUT)) {
            Process other = child("sum", rendezvous.address());
            String sum;
            try (Communicator communicator =
                    Communicator.gloo(rendezvous.address(), "processes", 0, 2, LOOPBACK, TIMEOUT)) {
                communicator.barrier();
                sum = Memory.tidy(() -> sum(communicator));
            }
            assertThat(ChildProcess.exitCode(other)).isZero();
            assertThat(sum).isEqualTo("[12.0, 0.2, 2.0E-8][4.0]");
            assertThat(temporary.resolve("result")).hasContent(sum);
        }
    }

    @Test
    void aProcessThatDiesIsAnErrorInTime() throws IOException, InterruptedException {
        try (Rendezvous rendezvous = Rendezvous.host(LOOPBACK, TIMEOUT)) {
            Process other = child("die", rendezvous.address());
            try (Communicator communicator =
                    Communicator.gloo(rendezvous.address(), "processes", 0, 2, LOOPBACK, TIMEOUT)) {
                communicator.barrier();
                long start = System.nanoTime();
                assertThatThrownBy(() -> Memory.tidy(() -> sum(communicator)))
                        .isInstanceOf(CommunicationException.class)
                        .hasMessageContaining("rank 0 of 2 waited for rank 1 in a tree all-reduce");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
            }
            assertThat(ChildProcess.exitCode(other)).isEqualTo(7);
        }
    }

    /**
     * A group whose store was freed under it writes to freed memory when it is closed, which is seldom noticed. The C
     * library is told to overwrite freed memory at once; then it ends the process.
     */
    @Test
    void closingGroupsTouchesNoFreedMemory() throws IOException, InterruptedException {
        Process child = ChildProcess.start(
                Map.of("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165"),
                List.of("groups", temporary.resolve("result").toString()),
                temporary.resolve("log"));
        assertThat(ChildProcess.exitCode(child))
                .as(() -> read(temporary.resolve("log")))
                .isZero();
        assertThat(temporary.resolve("result")).hasContent("all groups closed");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException problem) {
            return problem.toString();
        }
    }
}
