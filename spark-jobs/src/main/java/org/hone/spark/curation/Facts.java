package org.hone.spark.curation;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What curation knows of a row: everything that is compared between rows, in a few hundred bytes and without its text.
 * Texts are read twice, here and when the rows that stay are written. The facts of all tables are rows of one dataset, so
 * that a rule is one query however many tables there are.
 */
final class Facts {
    /** Name of the column that names a row with 64 bits. */
    static final String KEY = "key";
    /** Name of the column that tells rows of one id apart: a hash of all their columns. */
    static final String FINGERPRINT = "fingerprint";
    /** Name of the column that says which table a row is of; rows of different tables have different keys. */
    static final String TABLE = "table";

    /** What near-duplicates are found by. */
    static final StructType SET = new StructType()
            .add("high", DataTypes.LongType, false)
            .add("low", DataTypes.LongType, false)
            .add("size", DataTypes.IntegerType, false)
            .add("sketch", DataTypes.LongType, false)
            .add("bands", DataTypes.createArrayType(DataTypes.LongType, false), false);

    static final StructType SCHEMA = new StructType()
            .add(KEY, DataTypes.LongType, false)
            .add(FINGERPRINT, DataTypes.LongType, false)
            .add(TABLE, DataTypes.StringType, false)
            .add("id", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("week", DataTypes.IntegerType, true)
            .add("content_hash", DataTypes.StringType, false)
            .add("preference", DataTypes.IntegerType, false)
            .add("weight", DataTypes.DoubleType, false)
            .add("helpfulness", DataTypes.BooleanType, false)
            .add("own", DataTypes.BooleanType, false)
            .add("characters", DataTypes.IntegerType, false)
            .add("rule", DataTypes.StringType, true)
            .add("detail", DataTypes.StringType, true)
            .add("exact_high", DataTypes.LongType, false)
            .add("exact_low", DataTypes.LongType, false)
            .add("either_high", DataTypes.LongType, false)
            .add("either_low", DataTypes.LongType, false)
            .add("conversation", DataTypes.LongType, true)
            .add("whole", SET, true)
            .add("asked", SET, true)
            .add("suspects", DataTypes.createArrayType(DataTypes.LongType, false), true);

    private Facts() {}

    /** A table with its rows' names. */
    static Dataset<Row> named(CuratedTable table, Dataset<Row> rows) {
        Column[] all = Arrays.stream(rows.columns())
                .map(name -> functions.col("`" + name + "`"))
                .toArray(Column[]::new);
        return rows.withColumn(KEY, functions.xxhash64(functions.lit(table.text()), functions.col("id")))
                .withColumn(FINGERPRINT, functions.xxhash64(all));
    }

    /** Of a table without rows. */
    static Dataset<Row> none(SparkSession spark) {
        return spark.createDataFrame(List.of(), SCHEMA);
    }

    static Dataset<Row> of(Dataset<Row> named, Examine examine) {
        return named.mapPartitions(examine, Encoders.row(SCHEMA));
    }
}
