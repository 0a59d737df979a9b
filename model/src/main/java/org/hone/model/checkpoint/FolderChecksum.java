package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * SHA-256 over the files that decide what a model computes: {@code config.json}, the weights and their index.
 *
 * <p>{@value #MANIFEST} beside them records each file's size and sum when Hone writes a folder, so that a
 * truncated or altered copy is refused before it is used.
 */
public final class FolderChecksum {
    /** The name of the file that holds the checksums. */
    public static final String MANIFEST = "hone.sha256.json";

    private FolderChecksum() {}

    /**
     * The size and the sum of a file.
     *
     * @param size in bytes
     * @param sha256 in lower-case hexadecimal digits
     */
    public record FileChecksum(long size, String sha256) {}

    /**
     * Names the model in a folder by its content.
     *
     * <p>It is the SHA-256 of the lines "name sum", sorted by name, so it stays the same when the folder is
     * moved, and tokenizer files do not take part in it.
     *
     * @param folder a Hugging Face model folder
     * @return 64 hexadecimal digits
     * @throws IOException if the folder cannot be read or holds no weights
     */
    public static String sha256(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, FileChecksum> file : compute(folder).entrySet()) {
            lines.append(file.getKey())
                    .append(' ')
                    .append(file.getValue().sha256())
                    .append('\n');
        }
        MessageDigest digest = digest();
        digest.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Compares a folder with the checksums that lie in it, where there are some.
     *
     * @param folder a Hugging Face model folder
     * @return whether the folder had checksums
     * @throws IOException if a file is missing, truncated or altered
     */
    public static boolean verify(Path folder) throws IOException {
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.exists(manifest)) {
            return false;
        }
        JsonNode files = Json.read(manifest).path("files");
        List<String> checked = new ArrayList<>();
        for (Map.Entry<String, JsonNode> recorded : files.properties()) {
            Path file = folder.resolve(recorded.getKey());
            if (!identifies(recorded.getKey()) || recorded.getKey().contains("/")) {
                throw new CheckpointException(
                        manifest,
                        "names " + recorded.getKey() + ", which is no file of this folder's model; copy it again");
            }
            check(
                    file,
                    recorded.getValue().path("size").longValue(),
                    recorded.getValue().path("sha256").asText());
            checked.add(recorded.getKey());
        }
        for (Path file : identifyingFiles(folder)) {
            if (!checked.contains(file.getFileName().toString())) {
                throw new CheckpointException(
                        file,
                        "is not in " + MANIFEST + ": it was added later; remove it, or remove " + MANIFEST
                                + " if you trust the folder");
            }
        }
        return true;
    }

    static void write(Path folder) throws IOException {
        ObjectNode json = Json.object();
        ObjectNode files = json.putObject("files");
        for (Map.Entry<String, FileChecksum> file : compute(folder).entrySet()) {
            files.putObject(file.getKey())
                    .put("size", file.getValue().size())
                    .put("sha256", file.getValue().sha256());
        }
        DurableFiles.write(folder.resolve(MANIFEST), Json.pretty(json));
    }

    private static void check(Path file, long size, String sha256) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "missing, though " + MANIFEST + " lists it; copy it again");
        }
        if (Files.size(file) != size) {
            String fault = Files.size(file) < size ? "truncated" : "too long";
            throw new CheckpointException(
                    file, fault + ": " + size + " bytes expected, " + Files.size(file) + " found; copy it again");
        }
        FileChecksum found = checksum(file);
        if (!found.sha256().equals(sha256)) {
            throw new CheckpointException(
                    file,
                    "altered: SHA-256 " + sha256 + " expected, " + found.sha256() + " found; copy it again, or remove "
                            + MANIFEST + " if you changed it on purpose");
        }
    }

    /**
     * Reads a file through.
     *
     * @param file which
     * @return its length and SHA-256
     * @throws IOException if it cannot be read
     */
    public static FileChecksum checksum(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 20];
        long size = 0;
        try (InputStream input = Files.newInputStream(file)) {
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                digest.update(buffer, 0, count);
                size += count;
            }
        }
        return new FileChecksum(size, HexFormat.of().formatHex(digest.digest()));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static SortedMap<String, FileChecksum> compute(Path folder) throws IOException {
        SortedMap<String, FileChecksum> sums = new TreeMap<>();
        for (Path file : identifyingFiles(folder)) {
            sums.put(file.getFileName().toString(), checksum(file));
        }
        if (sums.keySet().stream().noneMatch(name -> name.endsWith(".safetensors"))) {
            throw new CheckpointException(folder, "holds no *.safetensors file; is it a Hugging Face model folder?");
        }
        return sums;
    }

    private static List<Path> identifyingFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "no such folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> identifies(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean identifies(String name) {
        return name.equals("config.json") || name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json");
    }
}
