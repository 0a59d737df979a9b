package org.hone.spark.prepare;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.RemovedTable;
import org.hone.spark.table.Table;

/** The tables that curation leaves. */
final class Curated {
    /** Comparisons of the helpfulness mixture. */
    static final Table HELPFULNESS = new Table("helpfulness", DataTables.PREFERENCES.schema());
    /** Comparisons of the safety mixture. */
    static final Table SAFETY = new Table("safety", DataTables.PREFERENCES.schema());
    /** Comparisons that nothing is trained on. */
    static final Table HELD_OUT = new Table("held-out", DataTables.PREFERENCES.schema());
    /** Demonstrations. */
    static final Table SFT = DataTables.SFT;
    /** Prompts. */
    static final Table PROMPTS = DataTables.PROMPTS;
    /** Documents. */
    static final Table DOCUMENTS = DataTables.DOCUMENTS;
    /** What was removed, each row with its rule. */
    static final Table REMOVED = new Table("removed", RemovedTable.SCHEMA);

    /** What could not be read of the evaluation sets. */
    static final Table EVALUATION_QUARANTINE = new Table("evaluation-quarantine", DataTables.QUARANTINE.schema());

    /** The comparisons, in the order of reports. */
    static final List<Table> PAIRS = List.of(HELPFULNESS, SAFETY, HELD_OUT);

    private Curated() {}

    static Dataset<Row> read(DataFolder folder, Table table) throws IOException {
        return folder.read(DataFolder.CURATED + table.name(), table.schema());
    }
}
