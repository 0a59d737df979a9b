package org.hone.model.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hone.model.tensor.Memory;

/** What tests run in a Java process of its own; the first argument says what, the second which file the result goes to. */
final class ChildProcess {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private ChildProcess() {}

    static Process start(Map<String, String> environment, List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-XX:ErrorFile=" + log.resolveSibling("crash.log"),
                "-cp",
                System.getProperty("java.class.path", ""),
                ChildProcess.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the child process did not end in 90 s");
        }
        return process.exitValue();
    }

    public static void main(String[] arguments) throws IOException {
        Path result = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "groups" -> {
                for (int round = 0; round < 6; round++) {
                    LocalRanks.run(2, TIMEOUT, communicator -> {
                        communicator.barrier();
                        return communicator.allReduceSum(1.0)[0];
                    });
                }
                Files.writeString(result, "all groups closed");
            }
            case "sum", "die" -> join(arguments[0].equals("die"), arguments[2], result);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void join(boolean dies, String address, Path result) throws IOException {
        try (Communicator communicator = Communicator.gloo(address, "processes", 1, 2, "127.0.0.1", TIMEOUT)) {
            communicator.barrier();
            if (dies) {
                Runtime.getRuntime().halt(7);
            }
            Files.writeString(result, Memory.tidy(() -> ProcessesTest.sum(communicator)));
        }
    }
}
