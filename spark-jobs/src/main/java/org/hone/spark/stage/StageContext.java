package org.hone.spark.stage;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.session.Progress;
import org.hone.spark.table.Table;

/**
 * What every stage works with.
 *
 * @param spark the session
 * @param recipe the validated recipe
 * @param folder the run's folder
 * @param progress where long work shows how far it is
 */
public record StageContext(SparkSession spark, Recipe recipe, RunFolder folder, Progress progress) {
    /**
     * The path of something in the run.
     *
     * @param name its name below the run's folder
     * @return the Hadoop path
     */
    public String path(String name) {
        return folder.path(name);
    }

    /**
     * The path of a table.
     *
     * @param table a table of the run
     * @return the Hadoop path
     */
    public String path(Table table) {
        return folder.path(table.name());
    }

    /**
     * Reads a table that an earlier stage wrote.
     *
     * @param table a table of the run
     * @return its rows
     */
    public Dataset<Row> read(Table table) {
        return spark.read().schema(table.schema()).parquet(path(table));
    }
}
