package org.hone.spark.importer;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.hone.data.importer.QuarantineReason;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Schemas;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

/**
 * Comparisons that are in tables already: curated ones, or a team's own with the same columns.
 *
 * @param all the rows as they stand there
 * @param sound rows that hold what a comparison needs
 * @param refused the others, as rows of the quarantine
 */
public record PreferenceTables(Dataset<Row> all, Dataset<Row> sound, Dataset<Row> refused) {
    private static final String REQUIRED_IS_NULL = "id is null or prompt is null or chosen is null or rejected is null";

    /**
     * Reads tables.
     *
     * @param spark the session
     * @param sources tables
     * @return their rows, none if there is no such source
     */
    public static PreferenceTables read(SparkSession spark, List<SourceRecipe> sources) {
        Dataset<Row> rows = spark.createDataFrame(List.of(), Schemas.nullable(PreferenceTable.SCHEMA))
                .withColumn("file", lit(""));
        for (SourceRecipe source : sources) {
            Dataset<Row> table =
                    spark.read().format(String.valueOf(source.format())).load(source.path());
            rows = rows.unionByName(Schemas.checked(table, PreferenceTable.SCHEMA, source.path())
                    .withColumn("source", lit(source.name()))
                    .withColumn("file", lit(source.path())));
        }
        Column isBroken = functions.expr(REQUIRED_IS_NULL);
        Dataset<Row> refused = rows.filter(isBroken)
                .select(
                        col("source"),
                        col("week"),
                        col("file"),
                        lit(0L).as("record"),
                        lit(0).as("part"),
                        lit(QuarantineReason.MISSING_FIELD.name()).as("reason"),
                        lit(REQUIRED_IS_NULL).as("detail"),
                        lit(null).cast(DataTypes.StringType).as("raw"));
        Column origin = functions.struct(
                col("file"),
                lit(0L).as("record"),
                lit(0).as("part"),
                lit("table").as("format"));
        return new PreferenceTables(rows, rows.filter(functions.not(isBroken)).withColumn("origin", origin), refused);
    }

    /**
     * Rows in all tables.
     *
     * @return their number
     */
    public long rows() {
        return all.count();
    }
}
