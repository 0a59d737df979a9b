package org.hone.spark.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.raw.Chunk;
import org.hone.spark.raw.Container;
import org.hone.spark.raw.RawFiles;

/** Numbers of lines in files that are read in several chunks; only the counts come to the driver. */
final class LineNumbers {
    private LineNumbers() {}

    static List<ImportChunk> numbered(SparkSession spark, List<ImportChunk> chunks, SerializableConfiguration hadoop) {
        List<Chunk> cut = new ArrayList<>();
        for (ImportChunk chunk : chunks) {
            if (chunk.chunk().container() == Container.JSON_LINES
                    && chunk.chunk().end() != Long.MAX_VALUE) {
                cut.add(chunk.chunk());
            }
        }
        if (cut.isEmpty()) {
            return chunks;
        }
        Map<Long, Long> lines = new HashMap<>();
        spark.range(0, cut.size(), 1, cut.size())
                .map(
                        (MapFunction<Long, String>)
                                index -> index + " " + RawFiles.lines(cut.get(index.intValue()), hadoop.value()),
                        Encoders.STRING())
                .collectAsList()
                .forEach(line -> lines.put(
                        Long.valueOf(line.substring(0, line.indexOf(' '))),
                        Long.valueOf(line.substring(line.indexOf(' ') + 1))));
        List<ImportChunk> numbered = new ArrayList<>();
        long index = 0;
        long first = 1;
        for (ImportChunk chunk : chunks) {
            boolean isCut = index < cut.size() && chunk.chunk().equals(cut.get((int) index));
            first = chunk.chunk().start() == 0 ? 1 : first;
            numbered.add(
                    isCut ? new ImportChunk(chunk.chunk().startingWith(first), chunk.source(), chunk.format()) : chunk);
            if (isCut) {
                first += lines.getOrDefault(index, 0L);
                index++;
            }
        }
        return numbered;
    }
}
