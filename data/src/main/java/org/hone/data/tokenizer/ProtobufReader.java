package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks over the fields of one protobuf message, with every length checked against what is there: enough to read
 * a SentencePiece model without the protobuf library and its generated code.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer message;
    private int wireType;

    ProtobufReader(ByteBuffer message) {
        this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Steps to the next field, whose value must then be read or {@linkplain #skip skipped}.
     *
     * @return the field's number, or 0 at the end of the message
     */
    int nextField() throws IOException {
        if (!message.hasRemaining()) {
            return 0;
        }
        long tag = varint();
        wireType = (int) (tag & 7);
        long field = tag >>> 3;
        if (field < 1 || field > Integer.MAX_VALUE) {
            throw new IOException("byte " + message.position() + " is no protobuf field");
        }
        return (int) field;
    }

    long number() throws IOException {
        expect(VARINT);
        return varint();
    }

    float decimal() throws IOException {
        expect(FIXED32);
        if (message.remaining() < Integer.BYTES) {
            throw new IOException("the file ends within a number, at byte " + message.limit());
        }
        return message.getFloat();
    }

    ByteBuffer bytes() throws IOException {
        expect(LENGTH_DELIMITED);
        long length = varint();
        if (length < 0 || length > message.remaining()) {
            throw new IOException("a field of " + Long.toUnsignedString(length) + " bytes begins at byte "
                    + message.position() + ", but only " + message.remaining() + " bytes follow");
        }
        ByteBuffer value = message.slice(message.position(), (int) length);
        message.position(message.position() + (int) length);
        return value;
    }

    void skip() throws IOException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(Long.BYTES);
            case LENGTH_DELIMITED -> bytes();
            case FIXED32 -> advance(Integer.BYTES);
            default -> throw new IOException("wire type " + wireType + " at byte " + message.position());
        }
    }

    private void advance(int bytes) throws IOException {
        if (message.remaining() < bytes) {
            throw new IOException("the file ends within a number, at byte " + message.limit());
        }
        message.position(message.position() + bytes);
    }

    private void expect(int expected) throws IOException {
        if (wireType != expected) {
            throw new IOException(
                    "wire type " + wireType + " at byte " + message.position() + ", expected " + expected);
        }
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!message.hasRemaining()) {
                throw new IOException("the file ends within a number, at byte " + message.limit());
            }
            byte next = message.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("a number of more than 10 bytes at byte " + message.position());
    }
}
