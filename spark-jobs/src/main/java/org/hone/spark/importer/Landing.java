package org.hone.spark.importer;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Schemas;
import org.hone.spark.table.Table;

/**
 * Rows as they come out of raw files, before they go to their tables: the columns of all tables, null where a row's
 * own table does not have them.
 */
final class Landing {
    /** Which table a row belongs to, or one of the two below. */
    static final String TABLE = "table";
    /** A graded response that is still to be compared with others. */
    static final String GRADED = "graded";
    /** Stands for a graded response whose pairs all stand at an earlier response. */
    static final String PAIRED = "paired";
    /** How many records a chunk held; stands once a chunk, in {@code record}. */
    static final String COUNTED = "counted";

    static final StructType SCHEMA = schema();

    private Landing() {}

    private static StructType schema() {
        List<StructField> fields = new ArrayList<>();
        fields.add(DataTypes.createStructField(TABLE, DataTypes.StringType, true));
        for (Table table : DataTables.WITH_QUARANTINE) {
            for (StructField field : Schemas.nullable(table.schema()).fields()) {
                if (fields.stream().noneMatch(known -> known.name().equals(field.name()))) {
                    fields.add(field);
                }
            }
        }
        fields.add(DataTypes.createStructField("compare_group", DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("grade", DataTypes.DoubleType, true));
        return new StructType(fields.toArray(StructField[]::new));
    }
}
