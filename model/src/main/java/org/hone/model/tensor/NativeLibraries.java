package org.hone.model.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch. The presets unpack it to a cache folder that the executors of a machine share; one that maps a library
 * while another still writes it dies with SIGBUS, so unpacking and mapping stand behind one lock a folder.
 */
final class NativeLibraries {
    private NativeLibraries() {}

    static void load() {
        try {
            Path lock = Loader.getCacheDir().toPath().resolve("hone.lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (!held.isValid()) {
                    throw new IOException(lock + ": the lock was lost");
                }
                Loader.load(torch.class);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "libtorch cannot be unpacked: " + e.getMessage()
                            + "; -Dorg.bytedeco.javacpp.cachedir names another folder for it",
                    e);
        }
    }
}
