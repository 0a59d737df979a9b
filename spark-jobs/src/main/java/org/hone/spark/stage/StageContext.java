package org.hone.spark.stage;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * @param pass the number of the {@linkplain Pass pass}, from 1; 0 for what a round does once
 * @param progress where long work shows how far it is
 */
public record StageContext(
        SparkSession spark, Recipe recipe, RunFolder folder, int round, int pass, Progress progress) {
    /**
     * A round, in none of its passes.
     *
     * @param spark the session
     * @param recipe the validated recipe
     * @param folder the run's folder
     * @param round the round's number, from 1; 0 is what stands before the rounds
     * @param progress where long work shows how far it is
     */
    public StageContext(SparkSession spark, Recipe recipe, RunFolder folder, int round, Progress progress) {
        this(spark, recipe, folder, round, 0, progress);
    }

    /**
     * The same run in another round, in none of its passes.
     *
     * @param number the round's number, from 1
     * @return the context
     */
    public StageContext ofRound(int number) {
        return new StageContext(spark, recipe, folder, number, progress);
    }

    /** This round as a whole: what it does once stands there. */
    StageContext ofWholeRound() {
        return ofRound(round);
    }

    /** The same round in one of its passes. */
    StageContext ofPass(int number) {
        return new StageContext(spark, recipe, folder, round, number, progress);
    }

    /**
     * The parts of this round that sample and fine-tune.
     *
     * @return its passes, in order; the round itself if it has only one
     */
    public List<StageContext> passes() {
        int passes = recipe.rejectionSampling().passes();
        return passes == 1
                ? List.of(ofWholeRound())
                : IntStream.rangeClosed(1, passes).mapToObj(this::ofPass).toList();
    }

    /** The passes of this round in front of this one, in order. */
    List<StageContext> earlierPasses() {
        return IntStream.range(1, pass).mapToObj(this::ofPass).toList();
    }

    /**
     * What a stage of this round is called in the run: its folder below the run's.
     *
     * @param name the stage's name
     * @return {@code vN/name}, as Llama 2 counts versions, and {@code vN/pass-P/name} in all passes but a round's last; the name
     *     itself before the rounds
     */
    public String inRun(String name) {
        return round == 0 ? name : "v" + round + "/" + (isBeforeLastPass() ? Pass.folder(pass) + "/" : "") + name;
    }

    private boolean isBeforeLastPass() {
        return pass > 0 && pass < recipe.rejectionSampling().passes();
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
        return read(table, Stream.concat(IntStream.range(1, round).mapToObj(this::ofRound), roundSoFar()));
    }

    /** Reads the candidates of this round, of all passes so far. */
    Dataset<Row> readRoundSoFar(Table table) {
        return read(table, roundSoFar());
    }

    /** Where this round's part of a table is: the last pass has what all have, the others have their own. */
    private Stream<StageContext> roundSoFar() {
        return isBeforeLastPass() ? Stream.concat(earlierPasses().stream(), Stream.of(this)) : Stream.of(this);
    }

    private Dataset<Row> read(Table table, Stream<StageContext> contexts) {
        return spark.read()
                .schema(table.schema())
                .parquet(contexts.map(context -> context.path(table)).toArray(String[]::new));
    }
}
