package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.RawBytes;
import org.hone.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Writes safetensors files: the same tensors give the same bytes, and a file is there wholly or not at all.
 *
 * <p>Tensors are streamed one by one, so that beside the model only one piece of one tensor takes memory. They
 * lie in the order given, wider element types first, which keeps every tensor aligned.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int PIECE = 16 << 20;

    private SafetensorsWriter() {}

    /** One tensor with the type that it gets in the file. */
    private record Item(String name, Tensor tensor, SafetensorsType type) {
        long bytes() {
            return tensor.elements() * type.bytes();
        }
    }

    /**
     * Writes tensors as they are.
     *
     * @param file replaced if it exists
     * @param tensors by name
     * @return the file's size and SHA-256
     * @throws IOException if it cannot be written; an older file then is still whole
     */
    public static FolderChecksum.FileChecksum write(Path file, Map<String, Tensor> tensors) throws IOException {
        return write(file, items(tensors, null));
    }

    /**
     * Writes tensors, converting those of floating-point numbers.
     *
     * @param file replaced if it exists
     * @param tensors by name
     * @param floatingPoint the type that floating-point tensors get
     * @return the file's size and SHA-256
     * @throws IOException if it cannot be written; an older file then is still whole
     */
    public static FolderChecksum.FileChecksum write(Path file, Map<String, Tensor> tensors, DataType floatingPoint)
            throws IOException {
        return write(file, items(tensors, floatingPoint));
    }

    private static List<Item> items(Map<String, Tensor> tensors, @Nullable DataType floatingPoint) {
        List<Item> items = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            DataType type =
                    floatingPoint != null && tensor.dataType().isFloatingPoint() ? floatingPoint : tensor.dataType();
            items.add(new Item(name, tensor, SafetensorsType.of(type)));
        });
        items.sort(Comparator.comparingInt((Item item) -> -item.type().bytes()));
        return items;
    }

    private static FolderChecksum.FileChecksum write(Path file, List<Item> items) throws IOException {
        MessageDigest digest = FolderChecksum.digest();
        byte[] header = header(items);
        long size = header.length;
        for (Item item : items) {
            size += item.bytes();
        }
        DurableFiles.write(file, channel -> {
            append(channel, digest, ByteBuffer.wrap(header));
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
            for (Item item : items) {
                try (Tensor plain = Memory.tidy(() -> item.tensor()
                        .detach()
                        .to(item.type().dataType())
                        .to(Device.cpu())
                        .contiguous()
                        .keep())) {
                    append(channel, digest, plain, piece);
                }
            }
        });
        return new FolderChecksum.FileChecksum(size, HexFormat.of().formatHex(digest.digest()));
    }

    private static byte[] header(List<Item> items) throws IOException {
        ObjectNode json = Json.object();
        json.putObject(SafetensorsHeader.METADATA).put("format", "pt");
        long position = 0;
        for (Item item : items) {
            ObjectNode entry = json.putObject(item.name());
            entry.put("dtype", item.type().name());
            ArrayNode shape = entry.putArray("shape");
            for (long length : item.tensor().shape()) {
                shape.add(length);
            }
            entry.putArray("data_offsets").add(position).add(position + item.bytes());
            position += item.bytes();
        }
        byte[] text = Json.compact(json);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text).put(" ".repeat(padded - text.length).getBytes(StandardCharsets.US_ASCII));
        return header.array();
    }

    private static void append(FileChannel channel, MessageDigest digest, Tensor plain, ByteBuffer piece)
            throws IOException {
        long bytes = RawBytes.size(plain);
        for (long offset = 0; offset < bytes; offset += piece.capacity()) {
            piece.clear().limit((int) Math.min(piece.capacity(), bytes - offset));
            RawBytes.read(plain, offset, piece);
            append(channel, digest, piece.flip());
        }
    }

    private static void append(FileChannel channel, MessageDigest digest, ByteBuffer bytes) throws IOException {
        digest.update(bytes.duplicate());
        DurableFiles.writeFully(channel, bytes);
    }
}
