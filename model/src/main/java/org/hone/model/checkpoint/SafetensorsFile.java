package org.hone.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.RawBytes;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * A safetensors file whose tensors are memory-mapped: nothing is read before it is used, and processes on one
 * machine share the pages.
 *
 * <p>The mapping is copy-on-write, so that a change to a tensor never reaches the file.
 */
public final class SafetensorsFile {
    /** A Java buffer holds less than 2 GiB; larger tensors are copied in pieces of this size. */
    private static final long PIECE = 1L << 30;

    private final Path path;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, SafetensorsHeader header) {
        this.path = path;
        this.header = header;
    }

    /**
     * Reads and checks the header.
     *
     * @param path the file
     * @return the file
     * @throws IOException if it cannot be read, is truncated, or is not a valid safetensors file
     */
    public static SafetensorsFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new SafetensorsFile(path, SafetensorsHeader.read(path, channel));
        }
    }

    /**
     * Where it lies.
     *
     * @return the file
     */
    public Path path() {
        return path;
    }

    /**
     * The names of its tensors.
     *
     * @return names in the order of their bytes
     */
    public Set<String> names() {
        return header.entries().keySet();
    }

    /**
     * What the file says about itself.
     *
     * @return texts by key, maybe none
     */
    public Map<String, String> metadata() {
        return Map.copyOf(header.metadata());
    }

    /**
     * The sizes of a tensor.
     *
     * @param name the tensor
     * @return its shape
     */
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    /**
     * The element type of a tensor.
     *
     * @param name the tensor
     * @return the type in the file
     */
    public SafetensorsType type(String name) {
        return entry(name).type();
    }

    /**
     * Opens a tensor inside a tidy region.
     *
     * @param name the tensor
     * @return the tensor in main memory, in the file's type, belonging to the region
     * @throws UncheckedIOException if the file cannot be read any more
     */
    public Tensor tensor(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
        DataType dataType = entry.type().dataType();
        long position = header.dataStart() + entry.begin();
        boolean mappable = entry.bytes() > 0
                && entry.bytes() <= Integer.MAX_VALUE
                && position % entry.type().bytes() == 0;
        try {
            if (mappable) {
                // a private mapping needs a channel that may write, though it never does
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return RawBytes.mapped(channel.map(MapMode.PRIVATE, position, entry.bytes()), dataType, shape);
                } catch (FileSystemException readOnlyFile) {
                    return copied(dataType, shape, position, entry.bytes());
                }
            }
            return copied(dataType, shape, position, entry.bytes());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private Tensor copied(DataType dataType, long[] shape, long position, long bytes) throws IOException {
        Tensor tensor = Tensors.empty(dataType, Device.cpu(), shape);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (long offset = 0; offset < bytes; offset += PIECE) {
                ByteBuffer piece = channel.map(MapMode.READ_ONLY, position + offset, Math.min(PIECE, bytes - offset));
                RawBytes.write(tensor, offset, piece);
            }
        }
        return tensor;
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(path + ": has no tensor " + name);
        }
        return entry;
    }
}
