package org.hone.spark.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.when;

/**
 * Which files were imported, how, and what became of them. A source whose files stand there with the same checksum, format
 * and licence is imported already.
 */
public final class ImportLedger {
    /** The columns of the ledger: a row a file. */
    public static final StructType SCHEMA = new StructType()
            .add("source", DataTypes.StringType)
            .add("week", DataTypes.IntegerType)
            .add("file", DataTypes.StringType)
            .add("sha256", DataTypes.StringType)
            .add("format", DataTypes.StringType)
            .add("licence", DataTypes.StringType)
            .add("importers", DataTypes.IntegerType)
            .add("records", DataTypes.LongType)
            .add("rows", DataTypes.LongType)
            .add("preferences", DataTypes.LongType)
            .add("sft", DataTypes.LongType)
            .add("prompts", DataTypes.LongType)
            .add("documents", DataTypes.LongType)
            .add("quarantined", DataTypes.LongType);

    /** Counts up when a change of the importers changes what they make of the same file. */
    private static final int IMPORTERS = 1;

    private static final Row NO_ROWS = RowFactory.create("", null, "", 0L, 0L, 0L, 0L, 0L, 0L, 0L);

    private ImportLedger() {}

    /**
     * Whether a source was imported from these very files, in the same way.
     *
     * @param known the ledger
     * @param plan the files as they are now
     * @param source the source
     * @return true if nothing is to be done
     */
    public static boolean holds(Dataset<Row> known, ImportPlan plan, ImportSource source) {
        Set<String> now = new HashSet<>();
        for (ImportPlan.PlannedFile file : plan.files()) {
            if (file.source().equals(source)) {
                now.add(key(file.file(), file.sha256(), file.format().identity(), source.licence(), IMPORTERS));
            }
        }
        Set<String> before = new HashSet<>();
        for (Row row : known.filter(source.slice().condition())
                .select("file", "sha256", "format", "licence", "importers")
                .collectAsList()) {
            before.add(key(row.getString(0), row.getString(1), row.getString(2), row.getString(3), row.getInt(4)));
        }
        return now.equals(before);
    }

    private static String key(@Nullable Object... fields) {
        List<String> texts = new ArrayList<>();
        for (@Nullable Object field : fields) {
            texts.add(Objects.toString(field));
        }
        return String.join("\n", texts);
    }

    /** The column that counts the rows of a table. */
    static String column(String table) {
        return table.equals(DataTables.QUARANTINE.name()) ? "quarantined" : table;
    }

    /**
     * A row a file: how often which table got a row of it. As many rows come to the driver as there are files.
     *
     * @throws IllegalStateException if a record that was read became nothing
     */
    static List<Row> of(ImportPlan plan, Dataset<Row> counted, Dataset<Row> rows) {
        Map<SourceFile, Long> records = new HashMap<>();
        counted.groupBy("source", "week", "file")
                .agg(functions.sum("record"))
                .collectAsList()
                .forEach((Row row) -> records.put(SourceFile.of(row), row.getLong(3)));
        List<Column> counts = new ArrayList<>();
        counts.add(count(when(col(Landing.TABLE).notEqual(Landing.PAIRED), 1)));
        for (Table table : DataTables.WITH_QUARANTINE) {
            counts.add(count(when(col(Landing.TABLE).equalTo(table.name()), 1)));
        }
        Map<SourceFile, Row> rowCounts = new HashMap<>();
        // every record has one row that is its first
        rows.groupBy("source", "week", "file")
                .agg(count(when(col("part").equalTo(0), 1)), counts.toArray(Column[]::new))
                .collectAsList()
                .forEach((Row row) -> rowCounts.put(SourceFile.of(row), row));
        List<Row> ledger = new ArrayList<>();
        for (ImportPlan.PlannedFile file : plan.files()) {
            SourceFile key = file.key();
            Row row = rowCounts.getOrDefault(key, NO_ROWS);
            long read = records.getOrDefault(key, 0L);
            if (read != row.getLong(3)) {
                throw new IllegalStateException(file.file() + ": the import lost records: " + read + " were read, "
                        + row.getLong(3) + " became rows of a table or of the quarantine");
            }
            ledger.add(RowFactory.create(
                    file.source().name(),
                    file.source().week(),
                    file.file(),
                    file.sha256(),
                    file.format().identity(),
                    file.source().licence(),
                    IMPORTERS,
                    read,
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getLong(8),
                    row.getLong(9)));
        }
        return ledger;
    }
}
