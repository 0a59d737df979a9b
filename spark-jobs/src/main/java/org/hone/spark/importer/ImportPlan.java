package org.hone.spark.importer;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.importer.Format;
import org.hone.data.importer.registry.Formats;
import org.hone.spark.raw.Chunk;
import org.hone.spark.raw.Container;
import org.hone.spark.raw.RawFiles;
import org.jspecify.annotations.Nullable;

/**
 * Which task reads what.
 *
 * @param files the files, with their checksums
 * @param chunks their chunks, in order
 */
public record ImportPlan(List<PlannedFile> files, List<ImportChunk> chunks) {
    /**
     * Copies the lists.
     *
     * @param files the files
     * @param chunks their chunks
     */
    public ImportPlan {
        files = List.copyOf(files);
        chunks = List.copyOf(chunks);
    }

    /**
     * A file as it was found.
     *
     * @param file its Hadoop path
     * @param sha256 checksum of its bytes
     * @param source what it belongs to
     * @param format what its records mean
     */
    public record PlannedFile(String file, String sha256, ImportSource source, Format format) implements Serializable {
        SourceFile key() {
            return new SourceFile(source.slice(), file);
        }
    }

    /**
     * Looks at all files on the executors, then cuts them into chunks.
     *
     * @param spark the session
     * @param sources what to import
     * @return the plan
     * @throws IOException if a file cannot be looked at
     * @throws IllegalArgumentException if the format of a file cannot be told
     */
    public static ImportPlan of(SparkSession spark, List<ImportSource> sources) throws IOException {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        List<String> paths =
                sources.stream().flatMap(source -> source.files().stream()).toList();
        List<FileGlance> glances = FileGlance.of(spark, paths, hadoop);
        List<PlannedFile> files = new ArrayList<>();
        List<ImportChunk> chunks = new ArrayList<>();
        int next = 0;
        for (ImportSource source : sources) {
            List<FileGlance> ofSource =
                    glances.subList(next, next + source.files().size());
            next += source.files().size();
            Format shared = source.format() == null ? sharedFormat(ofSource) : source.format();
            for (FileGlance glance : ofSource) {
                Format format = source.format() == null ? format(glance, shared) : source.format();
                files.add(new PlannedFile(glance.file(), glance.sha256(), source, format));
                Container container = Container.valueOf(glance.container());
                for (Chunk chunk : RawFiles.chunks(glance.file(), container, hadoop.value(), RawFiles.CHUNK_BYTES)) {
                    chunks.add(new ImportChunk(chunk, source, format));
                }
            }
        }
        return new ImportPlan(files, LineNumbers.numbered(spark, chunks, hadoop));
    }

    /**
     * The part of some sources.
     *
     * @param sources sources of this plan
     * @return the plan for them alone
     */
    public ImportPlan of(List<ImportSource> sources) {
        return new ImportPlan(
                files.stream().filter(file -> sources.contains(file.source())).toList(),
                chunks.stream()
                        .filter(chunk -> sources.contains(chunk.source()))
                        .toList());
    }

    private static @Nullable Format sharedFormat(List<FileGlance> glances) {
        for (FileGlance glance : glances) {
            if (glance.format() != null) {
                return Formats.named(glance.format());
            }
        }
        return null;
    }

    /** A file without a record that can be parsed tells nothing; it is taken for what its neighbours are. */
    private static Format format(FileGlance glance, @Nullable Format shared) {
        if (glance.error() != null) {
            throw new IllegalArgumentException(glance.file() + ": " + glance.error());
        }
        if (glance.format() != null) {
            return Formats.named(glance.format());
        }
        return shared == null ? new UndetectedFormat() : shared;
    }
}
