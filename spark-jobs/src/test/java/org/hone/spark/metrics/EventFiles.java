package org.hone.spark.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What TensorBoard shows of a folder, read by hand: files by name, each start voids the steps from its own on. */
public final class EventFiles {
    private EventFiles() {}

    /**
     * Steps that a loss is shown for.
     *
     * @param folder the folder of event files
     * @return the steps in order; one that is there twice, twice
     * @throws IOException if a file cannot be read
     */
    public static List<Long> steps(Path folder) throws IOException {
        TreeMap<Long, Integer> shown = new TreeMap<>();
        for (Path file : files(folder)) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.remaining() > 12) {
                int length = (int) bytes.getLong(bytes.position());
                ByteBuffer event = bytes.slice(bytes.position() + 12, length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.position(bytes.position() + 16 + length);
                event.position(9); // key and wall time
                if (event.get() != (2 << 3)) {
                    continue; // the version, which has no step
                }
                long step = varint(event);
                if (event.get() == ((7 << 3) | 2)) {
                    shown.tailMap(step, true).clear();
                } else {
                    shown.merge(step, 1, Integer::sum);
                }
            }
        }
        List<Long> steps = new ArrayList<>();
        shown.forEach((step, times) -> {
            for (int i = 0; i < times; i++) {
                steps.add(step);
            }
        });
        return steps;
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
