package org.hone.model.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A process that computes with a given number of threads; its exit status is how many of its native threads worked. */
final class Multiplications {
    private Multiplications() {}

    public static void main(String[] arguments) throws IOException {
        Threads.use(Integer.parseInt(arguments[0]));
        Memory.tidy(() -> {
            Tensor x = Tensors.full(1e-3, DataType.FLOAT32, Device.cpu(), 1024, 1024);
            Tensor product = x;
            for (int i = 0; i < 10; i++) {
                product = Elementwise.exp(Layers.matmul(product, x).mul(.5));
            }
            Reductions.sum(product).item();
        });
        System.exit((int) busyWorkers());
    }

    /** Native threads that have used more than 0.1 s of processor time; OpenMP's have the name of the thread that started them. */
    private static long busyWorkers() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(Multiplications::isBusy).count();
        }
    }

    private static boolean isBusy(Path task) {
        try {
            String[] fields = Files.readString(task.resolve("stat")).split(" ", -1);
            long ticks = Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
            return fields[1].equals("(java)") && ticks > 10;
        } catch (IOException gone) {
            return false;
        }
    }
}
