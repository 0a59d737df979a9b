package org.hone.spark.importer;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Table;

import static org.apache.spark.sql.functions.col;

/** What an import read; closing it frees the executors' disks. */
public final class Landed implements AutoCloseable {
    private final Dataset<Row> rows;
    private final List<Row> ledger;
    private final List<Dataset<Row>> held;

    /**
     * Counts what was read.
     *
     * @param plan what was to be read
     * @param rows what the records became
     * @param counted how many records each chunk held, by its reader's count
     * @param held what to let go in the end
     */
    Landed(ImportPlan plan, Dataset<Row> rows, Dataset<Row> counted, List<Dataset<Row>> held) {
        this.rows = rows;
        this.held = List.copyOf(held);
        this.ledger = ImportLedger.of(plan, counted, rows);
    }

    /**
     * The rows of a table.
     *
     * @param table the table
     * @return the rows
     */
    public Dataset<Row> table(Table table) {
        return rows.filter(col(Landing.TABLE).equalTo(table.name())).select(Columns.of(table.schema()));
    }

    /**
     * Rows of one table or of the quarantine.
     *
     * @param table the table
     * @return their number
     */
    public long rowCount(Table table) {
        return sum(ImportLedger.column(table.name()));
    }

    /**
     * Rows of all tables and of the quarantine.
     *
     * @return their number
     */
    public long rowCount() {
        return sum("rows");
    }

    /**
     * Records in all files, by the readers' count.
     *
     * @return their number
     */
    public long records() {
        return sum("records");
    }

    /**
     * What became of every file.
     *
     * @return rows of {@link ImportLedger}
     */
    public Dataset<Row> ledger() {
        return rows.sparkSession().createDataFrame(ledger, ImportLedger.SCHEMA);
    }

    private long sum(String column) {
        int index = ImportLedger.SCHEMA.fieldIndex(column);
        return ledger.stream().mapToLong(row -> row.getLong(index)).sum();
    }

    @Override
    public void close() {
        held.forEach(Dataset::unpersist);
    }
}
