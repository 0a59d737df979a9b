package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says about its tensors, checked before anything is read from them.
 *
 * <p>A file is: the header's length (8 bytes, little endian), the header (a JSON object, padded with spaces),
 * the data. Every byte of the data belongs to exactly one tensor, and the file ends with the last one; a
 * header that says otherwise is refused, for it comes from a broken copy or from someone with a purpose.
 *
 * @param dataStart where the data begins, in bytes from the start of the file
 * @param metadata the file's {@code __metadata__}
 * @param entries tensors by name, in the order of their bytes
 */
record SafetensorsHeader(long dataStart, Map<String, String> metadata, Map<String, Entry> entries) {
    /** The longest header that the format's reference implementation accepts. */
    static final long LONGEST_HEADER = 100_000_000;

    static final String METADATA = "__metadata__";

    /**
     * One tensor of a file.
     *
     * @param type of its elements
     * @param shape its sizes, none for a scalar
     * @param begin its first byte, counted from the start of the data
     * @param end one behind its last byte
     */
    record Entry(SafetensorsType type, List<Long> shape, long begin, long end) {
        Entry {
            shape = List.copyOf(shape);
        }

        long bytes() {
            return end - begin;
        }
    }

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long fileSize = channel.size();
        if (fileSize < 8) {
            throw new CheckpointException(
                    file, "truncated: at least 8 bytes expected, " + fileSize + " found; copy it again");
        }
        long length =
                readFully(file, channel, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > LONGEST_HEADER) {
            throw new CheckpointException(
                    file,
                    "not a safetensors file: header length " + Long.toUnsignedString(length) + ", allowed are 2 to "
                            + LONGEST_HEADER + "; convert it to safetensors");
        }
        if (8 + length > fileSize) {
            throw new CheckpointException(
                    file,
                    "truncated: " + (8 + length) + " bytes expected for the header alone, " + fileSize
                            + " found; copy it again");
        }
        byte[] text = readFully(file, channel, 8, (int) length).array();
        if (text[0] != '{') {
            throw new CheckpointException(
                    file, "not a safetensors file: its header must begin with '{'; convert it to safetensors");
        }
        ObjectNode json = Json.parse(file, "the header", text);
        return parse(file, json, 8 + length, fileSize);
    }

    private static SafetensorsHeader parse(Path file, ObjectNode json, long dataStart, long fileSize)
            throws CheckpointException {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Map.Entry<String, Entry>> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().equals(METADATA)) {
                for (Map.Entry<String, JsonNode> item : field.getValue().properties()) {
                    metadata.put(item.getKey(), item.getValue().asText());
                }
            } else {
                entries.add(Map.entry(field.getKey(), entry(file, field.getKey(), field.getValue())));
            }
        }
        entries.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> entry) -> entry.getValue().begin())
                .thenComparingLong(entry -> entry.getValue().end()));
        long position = 0;
        Map<String, Entry> ordered = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> entry : entries) {
            long begin = entry.getValue().begin();
            if (begin != position) {
                throw new CheckpointException(
                        file,
                        "tensor " + entry.getKey() + ": begins at data byte " + begin + ", expected " + position
                                + " (tensors must neither overlap nor leave holes); write the file again");
            }
            position = entry.getValue().end();
            ordered.put(entry.getKey(), entry.getValue());
        }
        checkSize(file, dataStart + position, fileSize);
        return new SafetensorsHeader(dataStart, metadata, ordered);
    }

    private static void checkSize(Path file, long expected, long found) throws CheckpointException {
        if (found != expected) {
            String fault = found < expected ? "truncated" : "bytes behind the last tensor";
            throw new CheckpointException(
                    file, fault + ": " + expected + " bytes expected, " + found + " found; copy it again");
        }
    }

    private static Entry entry(Path file, String name, JsonNode json) throws CheckpointException {
        try {
            SafetensorsType type = SafetensorsType.named(json.path("dtype").asText("nothing"));
            List<Long> shape = numbers("shape", json.path("shape"));
            List<Long> offsets = numbers("data_offsets", json.path("data_offsets"));
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
                throw new IllegalArgumentException(
                        "data_offsets: found " + offsets + ", expected [begin, end] with begin at most end");
            }
            long expected = type.bytes();
            for (long size : shape) {
                expected = Math.multiplyExact(expected, size);
            }
            Entry entry = new Entry(type, shape, offsets.get(0), offsets.get(1));
            if (entry.bytes() != expected) {
                throw new IllegalArgumentException(
                        type + " " + shape + " takes " + expected + " bytes, data_offsets span " + entry.bytes());
            }
            return entry;
        } catch (IllegalArgumentException | ArithmeticException problem) {
            throw new CheckpointException(
                    file, "tensor " + name + ": " + problem.getMessage() + "; write the file again", problem);
        }
    }

    private static List<Long> numbers(String key, JsonNode json) {
        List<Long> numbers = new ArrayList<>();
        if (!json.isArray()) {
            throw new IllegalArgumentException(key + ": found " + json.getNodeType() + ", expected an array");
        }
        for (JsonNode item : json) {
            if (!item.isIntegralNumber() || !item.canConvertToLong() || item.longValue() < 0) {
                throw new IllegalArgumentException(key + ": found " + item + ", expected whole numbers of at least 0");
            }
            numbers.add(item.longValue());
        }
        return numbers;
    }

    private static ByteBuffer readFully(Path file, FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new CheckpointException(file, "became shorter while it was read; copy it again");
            }
        }
        return buffer.flip();
    }
}
