package org.hone.spark.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The records of a TensorBoard event file: TensorFlow's TFRecord framing (length, its checksum, data, their checksum, all
 * little-endian) around protocol buffers of the type {@code Event}, of which the few fields that scalars need are written.
 * What Maven Central has for it brings five megabytes of generated classes and a protobuf of its own, for these.
 */
final class EventRecords {
    // Event
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    // Summary, Summary.Value, SessionLog
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int STATUS = 1;

    private static final int START = 1;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int MASK = 0xa282ead8;

    private EventRecords() {}

    /** Must be the first record of a file. */
    static byte[] version(double wallTime) {
        return record(bytes(event(wallTime), FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.UTF_8)));
    }

    /** Says that a run starts or goes on: what earlier files have of this step and those behind it is void. */
    static byte[] start(double wallTime, long step) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        varint(key(log, STATUS, VARINT), START);
        return record(bytes(stepped(wallTime, step), SESSION_LOG, log.toByteArray()));
    }

    /** Values of a step, by tag. */
    static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
        ByteArrayOutputStream summary = new ByteArrayOutputStream();
        values.forEach((tag, value) -> {
            ByteArrayOutputStream scalar = new ByteArrayOutputStream();
            bytes(scalar, TAG, tag.getBytes(StandardCharsets.UTF_8));
            key(scalar, SIMPLE_VALUE, FIXED_32);
            scalar.writeBytes(littleEndian(4).putFloat(value.floatValue()).array());
            bytes(summary, VALUE, scalar.toByteArray());
        });
        return record(bytes(stepped(wallTime, step), SUMMARY, summary.toByteArray()));
    }

    private static ByteArrayOutputStream event(double wallTime) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        key(event, WALL_TIME, FIXED_64);
        event.writeBytes(littleEndian(8).putDouble(wallTime).array());
        return event;
    }

    private static ByteArrayOutputStream stepped(double wallTime, long step) {
        ByteArrayOutputStream event = event(wallTime);
        varint(key(event, STEP, VARINT), step);
        return event;
    }

    private static ByteArrayOutputStream key(ByteArrayOutputStream out, int field, int type) {
        varint(out, ((long) field << 3) | type);
        return out;
    }

    private static ByteArrayOutputStream bytes(ByteArrayOutputStream out, int field, byte[] value) {
        varint(key(out, field, BYTES), value.length);
        out.writeBytes(value);
        return out;
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >>> 7 != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static byte[] record(ByteArrayOutputStream event) {
        byte[] data = event.toByteArray();
        byte[] length = littleEndian(8).putLong(data.length).array();
        return littleEndian(data.length + 16)
                .put(length)
                .putInt(maskedChecksum(length))
                .put(data)
                .putInt(maskedChecksum(data))
                .array();
    }

    /** TensorFlow turns and shifts a checksum, lest the checksum of data with checksums in them be degenerate. */
    private static int maskedChecksum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
