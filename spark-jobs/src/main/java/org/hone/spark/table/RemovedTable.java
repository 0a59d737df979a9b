package org.hone.spark.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What curation removed: one row a removed row, with the one rule that removed it. */
public final class RemovedTable {
    /** Its columns; {@code detail} is what was found, such as the id of the row that was kept instead. */
    public static final StructType SCHEMA = new StructType(new StructField[] {
        Columns.required("table", DataTypes.StringType),
        Columns.required("id", DataTypes.StringType),
        Columns.required("source", DataTypes.StringType),
        Columns.optional("week", DataTypes.IntegerType),
        Columns.required("rule", DataTypes.StringType),
        Columns.optional("detail", DataTypes.StringType),
        Columns.required("content_hash", DataTypes.StringType)
    });

    private RemovedTable() {}
}
