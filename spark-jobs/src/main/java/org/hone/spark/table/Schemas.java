package org.hone.spark.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Schemas as files have them: whether a column may be null is not known there. */
public final class Schemas {
    private Schemas() {}

    /**
     * The schema with every column, field and element allowed to be null.
     *
     * @param schema the schema
     * @return the same names and types
     */
    public static StructType nullable(StructType schema) {
        return (StructType) relaxed(schema);
    }

    private static DataType relaxed(DataType type) {
        if (type instanceof StructType struct) {
            return new StructType(Arrays.stream(struct.fields())
                    .map(field -> DataTypes.createStructField(field.name(), relaxed(field.dataType()), true))
                    .toArray(StructField[]::new));
        }
        return type instanceof ArrayType array ? DataTypes.createArrayType(relaxed(array.elementType()), true) : type;
    }

    /**
     * A table's columns in the order of a schema. A column that may be null may be absent too: tables outlive the versions
     * of Hone, and what a table does not say is null.
     *
     * @param rows the table
     * @param schema what is expected
     * @param path the table's path, for the message
     * @return the columns of the schema; others are left out
     * @throws IllegalArgumentException if a column that is never null is missing, or one is of another type
     */
    public static Dataset<Row> checked(Dataset<Row> rows, StructType schema, String path) {
        List<String> problems = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<String> found = List.of(rows.columns());
        for (StructField field : schema.fields()) {
            if (!found.contains(field.name()) && field.nullable()) {
                columns.add(functions.lit(null).cast(field.dataType()).as(field.name()));
                continue;
            }
            if (!found.contains(field.name())) {
                problems.add("column " + field.name() + " is missing");
                continue;
            }
            DataType type = relaxed(rows.schema().apply(field.name()).dataType());
            if (!type.equals(relaxed(field.dataType()))) {
                problems.add("column " + field.name() + " is " + type.catalogString() + ", expected "
                        + field.dataType().catalogString());
            }
            columns.add(functions.col("`" + field.name() + "`"));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    path + ": " + String.join("; ", problems) + "; found columns " + String.join(", ", found));
        }
        return rows.select(columns.toArray(Column[]::new));
    }
}
