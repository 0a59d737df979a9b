package org.hone.data.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Loads the native library that lies in a DJL jar, and nothing else.
 *
 * <p>DJL's own loader is passed over on purpose. On a machine with a GPU it asks CUDA for its version and
 * fetches another library from the network; on EC2 it reports its use; and it unpacks into one folder
 * in the user's home, which the executors of a cluster share or cannot write to. Here every process unpacks
 * into a temporary folder of its own and removes the files when they are loaded, so there is neither a race
 * on a cold cache nor anything left over.
 */
final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * Unpacks and loads a library.
     *
     * @param user the class whose native methods the library implements; it must come from our own class
     *     loader, since a JVM binds native methods to libraries loaded by the same one
     * @param folder where the platforms' folders are in the jar, below it the variant
     * @param variant a folder below the platform's, or empty
     * @param names the libraries without prefix and suffix, those needed by others first
     */
    static void load(Class<?> user, String folder, String variant, List<String> names) {
        if (user.getClassLoader() != NativeLibrary.class.getClassLoader()) {
            throw new IllegalStateException(user.getName() + " and Hone come from two class loaders, so its native "
                    + "library cannot be bound; put both into one jar, or both on the same class path");
        }
        String platform = platform();
        List<Path> unpacked = new ArrayList<>();
        try {
            Path target = Files.createTempDirectory(
                    "hone-native-" + ProcessHandle.current().pid() + "-");
            unpacked.add(target);
            for (String name : names) {
                String file = System.mapLibraryName(name);
                String resource = folder + "/" + platform + "/" + (variant.isEmpty() ? "" : variant + "/") + file;
                Path copy = target.resolve(file);
                unpacked.add(copy);
                try (InputStream source = user.getClassLoader().getResourceAsStream(resource)) {
                    if (source == null) {
                        throw new IllegalStateException("no " + resource + " on the class path: " + user.getName()
                                + " has no native library for " + platform
                                + "; linux-x86_64, linux-aarch64, osx-aarch64 and win-x86_64 have one");
                    }
                    Files.copy(source, copy);
                }
                System.load(copy.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "could not unpack the native library of " + user.getName() + " into "
                            + System.getProperty("java.io.tmpdir")
                            + "; name a writable folder with -Djava.io.tmpdir=…",
                    e);
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "could not load the native library of " + user.getName() + " from "
                            + System.getProperty("java.io.tmpdir")
                            + "; if that file system is mounted noexec, name another with -Djava.io.tmpdir=…",
                    e);
        } finally {
            remove(unpacked);
        }
    }

    /** A loaded library stays mapped without its file; where a system refuses to remove it, at exit then. */
    private static void remove(List<Path> files) {
        for (int i = files.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(files.get(i));
            } catch (IOException e) {
                files.get(i).toFile().deleteOnExit();
            }
        }
    }

    private static String platform() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = name.startsWith("win") ? "win" : name.startsWith("mac") ? "osx" : "linux";
        String processor =
                System.getProperty("os.arch").replace("amd64", "x86_64").replace("arm64", "aarch64");
        return system + "-" + processor;
    }
}
