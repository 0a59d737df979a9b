package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.Variables;
import org.hone.spark.run.RunFolder;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Table;

/** A run of rounds to look through in a notebook: a table at a time, of all rounds that have it. */
public final class Tour {
    /** The column that says which round wrote a row; a pool's own column {@code round} says which one sampled it. */
    private static final String IN_ROUND = "in_round";

    private static final StructType STAGES = new StructType()
            .add("stage", DataTypes.StringType, false)
            .add("state", DataTypes.StringType, false)
            .add("seconds", DataTypes.DoubleType)
            .add("tokens", DataTypes.LongType)
            .add("work", DataTypes.StringType);

    private static final StructType STEPS = new StructType()
            .add("step", DataTypes.LongType)
            .add("loss", DataTypes.DoubleType)
            .add("tokens", DataTypes.LongType);

    private final ReportedRun run;

    private Tour(ReportedRun run) {
        this.run = run;
    }

    /**
     * Opens a run, finished or not, in the Spark session that runs, or in a new one.
     *
     * @param folder the run's folder
     * @return the run
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if there is no run in the folder
     */
    public static Tour open(String folder) throws IOException {
        RunFolder opened = RunFolder.existing(HoneSession.storage(), folder);
        Recipe recipe = RecipeReader.read(opened.recipe(), folder, new Variables(Map.of()), path -> path)
                .recipe();
        SparkSession spark = HoneSession.start("hone notebook");
        return new Tour(ReportedRun.of(new StageContext(spark, recipe, opened, 0, Progress.of(spark))));
    }

    /**
     * The recipe that the run was started with.
     *
     * @return the recipe, with every default
     */
    public Recipe recipe() {
        return run.context().recipe();
    }

    /**
     * How many rounds have begun.
     *
     * @return the last round's number, 0 if none has begun
     */
    public int rounds() {
        return run.rounds().size();
    }

    /**
     * All stages of the run in order, done or not.
     *
     * @return columns {@code stage}, {@code state}, {@code seconds}, {@code tokens}, {@code work} (what was done to the tokens)
     * @throws IOException if the run's folder cannot be read
     */
    public Dataset<Row> stages() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (JsonNode stage : StageCosts.of(run)) {
            rows.add(RowFactory.create(
                    stage.path("stage").asText(),
                    stage.path("state").asText(),
                    stage.hasNonNull("seconds") ? stage.path("seconds").asDouble() : null,
                    stage.hasNonNull("tokens") ? stage.path("tokens").asLong() : null,
                    stage.hasNonNull("work") ? stage.path("work").asText() : null));
        }
        return spark().createDataFrame(rows, STAGES);
    }

    /**
     * A table of every round that has it and in which its stage is done.
     *
     * @param table a table of the rounds
     * @return its rows, and in {@code in_round} the number of the round that wrote them; none where no round has it
     */
    public Dataset<Row> table(Table table) {
        Dataset<Row> all = spark().createDataFrame(List.of(), table.schema().add(IN_ROUND, DataTypes.IntegerType));
        for (StageContext round : run.rounds()) {
            if (has(round, table)) {
                all = all.unionByName(round.read(table).withColumn(IN_ROUND, functions.lit(round.round())));
            }
        }
        return all;
    }

    /**
     * A table of the newest round that has it.
     *
     * @param table a table of the rounds
     * @return its rows as {@link #table} has them
     */
    public Dataset<Row> newest(Table table) {
        int newest = run.rounds().stream()
                .filter(round -> has(round, table))
                .mapToInt(StageContext::round)
                .max()
                .orElse(0);
        return table(table).filter(functions.col(IN_ROUND).equalTo(newest));
    }

    /**
     * What the finished training stages wrote down at every step.
     *
     * @return columns {@code stage}, {@code step} (from 1), {@code loss} (nats), {@code tokens}
     * @throws IOException if the run's folder cannot be read
     */
    public Dataset<Row> steps() throws IOException {
        Dataset<Row> all = spark().createDataFrame(List.of(), STEPS.add("stage", DataTypes.StringType));
        RunFolder folder = run.context().folder();
        for (String stage : run.reports().keySet()) {
            String metrics = folder.path(stage + "/metrics");
            if (!folder.storage().list(metrics).isEmpty()) {
                all = all.unionByName(
                        spark().read().schema(STEPS).json(metrics).withColumn("stage", functions.lit(stage)));
            }
        }
        return all;
    }

    /**
     * Rows of token shards as HTML, a paragraph each: a token that the loss counts is a {@code mark}, any other a {@code span},
     * with its piece and id as its title.
     *
     * @param examples few rows with the columns of {@link org.hone.spark.table.TokenTables#EXAMPLES}
     * @return HTML
     * @throws IOException if the run's tokenizer cannot be read
     */
    public String masks(Dataset<Row> examples) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(
                LocalCopies.of(recipe().tokenizer(), spark().sparkContext().hadoopConfiguration()))) {
            return MaskedRows.html(tokenizer, examples.collectAsList());
        }
    }

    private SparkSession spark() {
        return run.context().spark();
    }

    /** Some tables belong to the first round alone. */
    private boolean has(StageContext round, Table table) {
        String stage = table.name().substring(0, table.name().indexOf('/'));
        try {
            return run.isDone(round, stage)
                    && !run.context().folder().storage().list(round.path(table)).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(round.path(table) + ": cannot be listed: " + e.getMessage(), e);
        }
    }
}
