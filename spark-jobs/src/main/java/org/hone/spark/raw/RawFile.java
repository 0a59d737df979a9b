package org.hone.spark.raw;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A raw file as a stream. Whether it is compressed is read off its first bytes: many a file is called {@code .gz} and
 * is not.
 *
 * @param path its Hadoop path
 * @param hadoop the file systems' configuration
 */
record RawFile(String path, Configuration hadoop) {
    /** In place of bytes that are no UTF-8: half of a surrogate pair, which no text may hold. */
    static final String MALFORMED = "\udc80";

    private static final int BUFFER = 1 << 16;
    private static final int HEAD = 1 << 16;
    private static final int MAGIC = 4;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    /**
     * The file's bytes, decompressed. They are not buffered again: a buffer that asks until it is full would lose what was
     * decompressed before the place where the file is cut off.
     */
    InputStream open() throws IOException {
        PushbackInputStream raw =
                new PushbackInputStream(new BufferedInputStream(StorageStream.open(path, hadoop, 0), BUFFER), MAGIC);
        byte[] magic = magic(raw);
        if (startsWith(magic, GZIP)) {
            return new GZIPInputStream(raw, BUFFER);
        }
        return startsWith(magic, ZSTD) ? new ZstdInputStream(raw).setContinuous(false) : raw;
    }

    /** Whether the file can be read from the middle. */
    boolean isCompressed() throws IOException {
        try (PushbackInputStream raw = new PushbackInputStream(StorageStream.open(path, hadoop, 0), MAGIC)) {
            byte[] magic = magic(raw);
            return startsWith(magic, GZIP) || startsWith(magic, ZSTD);
        }
    }

    /** The file's first bytes; fewer if it is shorter, or cannot be decompressed further. */
    byte[] head() throws IOException {
        byte[] head = new byte[HEAD];
        int length = 0;
        try (InputStream in = open()) {
            for (int read = 0; read >= 0 && length < HEAD; ) {
                length += read;
                read = in.read(head, length, HEAD - length);
            }
        } catch (IOException e) {
            if (length == 0) {
                return new byte[0]; // the reader will meet the same error and put it into quarantine
            }
        }
        return Arrays.copyOf(head, length);
    }

    /** Decodes UTF-8; what is none becomes {@link #MALFORMED}. */
    static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(MALFORMED);
    }

    /** The file's characters; a byte that is no UTF-8 costs the record that it stands in and not the rest of the file. */
    Reader openText() throws IOException {
        Reader reader = new InputStreamReader(open(), decoder());
        java.io.PushbackReader pushback = new java.io.PushbackReader(reader, 1);
        int first = pushback.read();
        if (first >= 0 && first != '\ufeff') {
            pushback.unread(first);
        }
        return pushback;
    }

    private static byte[] magic(PushbackInputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC);
        in.unread(magic);
        return magic;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
