package org.hone.spark.importer;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.table.Table;

import static org.apache.spark.sql.functions.col;

/** What an import read; closing it frees the executors' disks. */
public final class Landed implements AutoCloseable {
    private final List<Dataset<Row>> held;
    private final Dataset<Row> landed;
    private final Dataset<Row> rows;
    private final ImportPlan plan;

    /**
     * Keeps the rows on the executors' disks as soon as they are first read.
     *
     * @param held what is on their disks already, first of all what came out of the files
     * @param rows what became of it
     * @param plan which files
     */
    Landed(List<Dataset<Row>> held, Dataset<Row> rows, ImportPlan plan) {
        this.held = held;
        this.landed = held.get(0);
        this.rows = rows.persist(org.apache.spark.storage.StorageLevel.DISK_ONLY());
        this.plan = plan;
    }

    /**
     * The rows of a table.
     *
     * @param table the table
     * @return the rows
     */
    public Dataset<Row> table(Table table) {
        return rows.filter(col(Landing.TABLE).equalTo(table.name()))
                .select(Arrays.stream(table.schema().fieldNames())
                        .map(functions::col)
                        .toArray(Column[]::new));
    }

    /**
     * Rows of all tables and of the quarantine.
     *
     * @return their number
     */
    public long rowCount() {
        return made().count();
    }

    /**
     * What became of every file.
     *
     * @return rows of {@link ImportLedger}
     */
    public Dataset<Row> ledger() {
        return rows.sparkSession().createDataFrame(ImportLedger.of(plan, counted(), made()), ImportLedger.SCHEMA);
    }

    private Dataset<Row> made() {
        return rows.filter(col(Landing.TABLE).notEqual(Landing.PAIRED));
    }

    private Dataset<Row> counted() {
        return landed.filter(col(Landing.TABLE).equalTo(Landing.COUNTED));
    }

    /**
     * Records that the readers met, by their own count.
     *
     * @return the number of records in all files
     */
    public long records() {
        Row sum = counted()
                .agg(functions.coalesce(functions.sum("record"), functions.lit(0L)))
                .first();
        return sum.getLong(0);
    }

    /**
     * Records that became a row of a table or of the quarantine.
     *
     * @return their number, which equals {@link #records} unless something was lost
     */
    public long accountedRecords() {
        return rows.select("file", "record").distinct().count();
    }

    /**
     * Fails if a record was lost on the way.
     *
     * @return the number of records
     */
    public long checkedRecords() {
        long records = records();
        long accounted = accountedRecords();
        if (records != accounted) {
            throw new IllegalStateException("the import lost records: " + records + " were read, " + accounted
                    + " became rows of a table or of the quarantine");
        }
        return records;
    }

    @Override
    public void close() {
        rows.unpersist();
        held.forEach(Dataset::unpersist);
    }
}
