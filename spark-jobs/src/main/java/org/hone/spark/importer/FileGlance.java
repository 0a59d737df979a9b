package org.hone.spark.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.importer.registry.Formats;
import org.hone.spark.raw.Container;
import org.hone.spark.raw.RawFiles;
import org.hone.spark.raw.RawRecord;
import org.hone.spark.run.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a file tells.
 *
 * @param file its Hadoop path
 * @param sha256 checksum of its bytes
 * @param container how it holds its records
 * @param format name of the format that its first records have; null if there is no record to tell by
 * @param error why no single format could be told, else null
 */
record FileGlance(
        String file,
        String sha256,
        String container,
        @Nullable String format,
        @Nullable String error) {
    private static final int TELLING_RECORDS = 20;
    private static final StructType SCHEMA = new StructType()
            .add("index", DataTypes.IntegerType)
            .add("sha256", DataTypes.StringType)
            .add("container", DataTypes.StringType)
            .add("format", DataTypes.StringType)
            .add("error", DataTypes.StringType);

    /** One look at every file, a task a file; a few words of each come to the driver. */
    static List<FileGlance> of(SparkSession spark, List<String> files, SerializableConfiguration hadoop) {
        List<String> paths = new ArrayList<>(files);
        List<Row> rows = new ArrayList<>(spark.range(0, files.size(), 1, Math.max(1, files.size()))
                .map((MapFunction<Long, Row>) index -> look(paths, index.intValue(), hadoop), Encoders.row(SCHEMA))
                .collectAsList());
        rows.sort(Comparator.comparingInt(row -> row.getInt(0)));
        return rows.stream()
                .map(row -> new FileGlance(
                        files.get(row.getInt(0)),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4)))
                .toList();
    }

    private static Row look(List<String> files, int index, SerializableConfiguration hadoop) {
        String file = files.get(index);
        try {
            Container container = RawFiles.container(file, hadoop.value());
            List<JsonNode> first = RawFiles.first(file, hadoop.value(), TELLING_RECORDS).stream()
                    .map(RawRecord.Parsed::value)
                    .toList();
            String format = null;
            String error = null;
            try {
                format = first.isEmpty() ? null : Formats.detect(first).name();
            } catch (IllegalArgumentException e) {
                error = e.getMessage();
            }
            return RowFactory.create(index, Checksum.sha256(file, hadoop.value()), container.name(), format, error);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
