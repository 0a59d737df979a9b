package org.hone.spark.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.session.Progress;
import org.hone.spark.session.ProgressAccumulator;

/**
 * Reward models on sets of comparisons (recipe section 6): each model scores each set on the executors, then figures are made
 * of the rewards. Scores that are there are kept, so a run that was interrupted goes on; figures are always made anew.
 *
 * <pre>
 * rewards/set=S/model=M    {@link RewardTable}, Parquet
 * figures.parquet          {@link Figure}
 * calibration.parquet      {@link CalibrationBin}
 * histograms.parquet       {@link HistogramBin}
 * evaluation.html          all of it to look at
 * </pre>
 *
 * @param models the reward models, each with a name of its own
 * @param sets the sets, likewise
 * @param batchTokens the most tokens of a batch
 */
public record RewardEvaluation(List<EvaluatedModel> models, List<EvaluatedSet> sets, int batchTokens) {
    /** The page's name in the run's folder. */
    public static final String PAGE = "evaluation.html";

    /** Pairs that are packed together whatever the partitions: a few batches. */
    private static final int PAIRS_PER_UNIT = 64;

    private static final int PAIRS_PER_FILE = 4096;
    private static final int TASKS_PER_SLOT = 4;

    /**
     * Copies the lists.
     *
     * @param models the reward models, each with a name of its own
     * @param sets the sets, likewise
     * @param batchTokens the most tokens of a batch
     */
    public RewardEvaluation {
        models = List.copyOf(models);
        sets = List.copyOf(sets);
    }

    /**
     * What the evaluation depends on, to be stored with it: the folder of another evaluation is refused.
     *
     * @return models by their content, tables by their state
     */
    public ResolvedRecipe<RewardEvaluation> resolved() {
        Map<String, Object> byModel = new LinkedHashMap<>();
        for (EvaluatedModel model : models) {
            byModel.put(
                    model.name(),
                    Map.of(
                            "folder",
                            model.folder(),
                            "sha256",
                            model.sha256(),
                            "template",
                            model.encoding().template()));
        }
        Map<String, Object> bySet = new LinkedHashMap<>();
        for (EvaluatedSet set : sets) {
            bySet.put(set.name(), Map.of("table", set.folder(), "state", set.state(), "sources", set.sources()));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("reward-models", byModel);
        values.put("pairs", bySet);
        values.put("batch-tokens", batchTokens);
        return new ResolvedRecipe<>(this, values);
    }

    /**
     * Scores and measures.
     *
     * @param spark the session
     * @param folder the run's folder
     * @param progress where the work shows
     * @return what was found
     * @throws IOException if something cannot be read or written
     * @throws IllegalArgumentException if a set is empty or a reward is no number
     */
    public EvaluationReport run(SparkSession spark, RunFolder folder, Progress progress) throws IOException {
        List<JudgedPairs> judged = new ArrayList<>();
        List<String> names = models.stream().map(EvaluatedModel::name).toList();
        for (EvaluatedSet set : sets) {
            Dataset<Row> rewards = null;
            for (EvaluatedModel model : models) {
                String stage = "rewards/set=" + set.name() + "/model=" + model.name();
                if (!folder.isDone(stage)) {
                    folder.clear(stage, List.of());
                    folder.commit(stage, score(spark, set, model, folder.path(stage), progress));
                }
                Dataset<Row> scored = read(spark, folder.path(stage)).withColumn("model", functions.lit(model.name()));
                rewards = rewards == null ? scored : rewards.unionByName(scored);
            }
            if (rewards != null) {
                judged.add(JudgedPairs.of(set.name(), names, rewards));
            }
        }
        EvaluationReport report = EvaluationReport.of(judged);
        write(spark, report, folder);
        return report;
    }

    private StageReport score(
            SparkSession spark, EvaluatedSet set, EvaluatedModel model, String output, Progress progress)
            throws IOException {
        Dataset<Row> pairs = set.read(spark);
        long count = pairs.count();
        long units = (count + PAIRS_PER_UNIT - 1) / PAIRS_PER_UNIT;
        long slots = spark.sparkContext().defaultParallelism();
        int tasks = (int) Math.min(units, Math.max(TASKS_PER_SLOT * slots, count / PAIRS_PER_FILE));
        String name = "evaluate " + model.name() + " on " + set.name();
        ProgressAccumulator counter = progress.begin(name, count, "pairs");
        pairs.withColumn(ScorePairs.UNIT, functions.expr("cast(pmod(xxhash64(id), " + units + "L) as int)"))
                .repartition(tasks, functions.col(ScorePairs.UNIT))
                .sortWithinPartitions(ScorePairs.UNIT, "id")
                .mapPartitions(new ScorePairs(model.encoding(), batchTokens, counter), Encoders.row(RewardTable.SCHEMA))
                .write()
                .mode("overwrite")
                .parquet(output);
        progress.end();
        checkFinite(read(spark, output), set, model, count);
        return new StageReport(Map.of("pairs", count));
    }

    private static Dataset<Row> read(SparkSession spark, String path) {
        return spark.read().schema(RewardTable.SCHEMA).parquet(path);
    }

    private static void checkFinite(Dataset<Row> rewards, EvaluatedSet set, EvaluatedModel model, long count) {
        String limit = RewardTable.LARGEST_REWARD + "D";
        // NaN is above every number in Spark
        Row strange = rewards.filter("abs(chosen_reward) > " + limit + " or abs(rejected_reward) > " + limit)
                .agg(functions.count("*"), functions.expr("min(struct(id, chosen_reward, rejected_reward))"))
                .first();
        if (strange.getLong(0) > 0) {
            Row first = strange.getStruct(1);
            throw new IllegalArgumentException("reward model " + model.name() + ": " + strange.getLong(0) + " of "
                    + count + " comparisons of " + set.name()
                    + " have a reward that is not a number or is beyond ±1,000,000; the first is " + first.getString(0)
                    + " with " + first.getDouble(1) + " and " + first.getDouble(2)
                    + ". The model has diverged: train it again with a lower learning rate, or take an earlier"
                    + " checkpoint");
        }
    }

    private static void write(SparkSession spark, EvaluationReport report, RunFolder folder) throws IOException {
        table(spark, report.figures().stream().map(Figure::row).toList(), Figure.SCHEMA, folder, "figures");
        table(
                spark,
                report.calibration().stream().map(CalibrationBin::row).toList(),
                CalibrationBin.SCHEMA,
                folder,
                "calibration");
        table(
                spark,
                report.histograms().stream().map(HistogramBin::row).toList(),
                HistogramBin.SCHEMA,
                folder,
                "histograms");
        folder.storage().writeText(folder.path(PAGE), EvaluationPage.html(report));
    }

    private static void table(SparkSession spark, List<Row> rows, StructType schema, RunFolder folder, String name) {
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .mode("overwrite")
                .parquet(folder.path(name + ".parquet"));
    }
}
