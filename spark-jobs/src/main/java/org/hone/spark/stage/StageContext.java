package org.hone.spark.stage;

import java.util.stream.IntStream;
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
 * @param round the round's number, from 1; 0 is what stands before the rounds
 * @param progress where long work shows how far it is
 */
public record StageContext(SparkSession spark, Recipe recipe, RunFolder folder, int round, Progress progress) {
    /**
     * The same run in another round.
     *
     * @param number the round's number, from 1
     * @return the context
     */
    public StageContext ofRound(int number) {
        return new StageContext(spark, recipe, folder, number, progress);
    }

    /**
     * What a stage of this round is called in the run: its folder below the run's.
     *
     * @param name the stage's name
     * @return {@code vN/name}, as Llama 2 counts versions; the name itself before the rounds
     */
    public String inRun(String name) {
        return round == 0 ? name : "v" + round + "/" + name;
    }

    /**
     * The path of something in this round.
     *
     * @param name its name below the round's folder
     * @return the Hadoop path
     */
    public String path(String name) {
        return folder.path(inRun(name));
    }

    /**
     * The path of a table of this round.
     *
     * @param table a table of the round
     * @return the Hadoop path
     */
    public String path(Table table) {
        return path(table.name());
    }

    /**
     * Reads a table that an earlier stage of this round wrote.
     *
     * @param table a table of the round
     * @return its rows
     */
    public Dataset<Row> read(Table table) {
        return spark.read().schema(table.schema()).parquet(path(table));
    }

    /**
     * Reads a table of this round and of all before it.
     *
     * @param table a table that every round has
     * @return the rows of all
     */
    public Dataset<Row> readSoFar(Table table) {
        String[] paths = IntStream.rangeClosed(1, round)
                .mapToObj(number -> ofRound(number).path(table))
                .toArray(String[]::new);
        return spark.read().schema(table.schema()).parquet(paths);
    }
}
