package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.ComparePairsTask;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.table.Table;

/**
 * Accuracy of a reward model on comparisons of its axis that are held out by conversation, overall, by rating and by source,
 * beside the baseline that prefers the longer response. An exact tie counts half, for both.
 *
 * @param axis what the model judges
 */
public record EvaluateRewardModelStage(Axis axis) implements Stage {
    private static final String PREFIX = "evaluate-reward-model-";
    private static final int PAIRS_PER_TASK = 64;

    /**
     * Both rewards of every held-out comparison.
     *
     * @return the table
     */
    public Table rewards() {
        return new Table(name() + "/rewards", ComparePairsTask.SCHEMA);
    }

    @Override
    public String name() {
        return PREFIX + Axes.name(axis);
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Dataset<Row> pairs = context.read(TokeniseStage.heldOutPairs(axis));
        long count = pairs.count();
        if (count == 0) {
            throw new IllegalArgumentException("preferences.held-out-fraction: no comparison of " + Axes.name(axis)
                    + " was held out of so few; raise it or bring more data");
        }
        ProgressAccumulator progress = context.progress().begin(context.inRun(name()), count, "pairs");
        pairs.repartition((int) (count / PAIRS_PER_TASK + 1), functions.col("id"))
                .mapPartitions(
                        new ComparePairsTask(
                                RewardModelStage.folder(context, axis), Encodings.hadoop(context), progress),
                        Encoders.row(ComparePairsTask.SCHEMA))
                .write()
                .parquet(context.path(rewards()));
        context.progress().end();
        return report(context.read(rewards()));
    }

    private static StageReport report(Dataset<Row> rewards) {
        Map<String, Object> figures = new LinkedHashMap<>();
        Dataset<Row> judged = rewards.withColumn("right", right("chosen_reward", "rejected_reward"))
                .withColumn("longer", right("chosen_characters", "rejected_characters"));
        Row all = accuracies(judged.groupBy()).first();
        figures.put("pairs", all.getLong(0));
        figures.put("accuracy", all.getDouble(1));
        figures.put("accuracy_standard_error", standardError(all.getDouble(1), all.getLong(0)));
        figures.put("length_only_accuracy", all.getDouble(2));
        for (String column : new String[] {"rating", "source"}) {
            Dataset<Row> groups = accuracies(
                            judged.filter(column + " is not null").groupBy(column))
                    .orderBy(column);
            for (Row row : groups.collectAsList()) {
                String group = row.getString(0).toLowerCase(Locale.ROOT);
                figures.put("pairs " + group, row.getLong(1));
                figures.put("accuracy " + group, row.getDouble(2));
                figures.put("length_only_accuracy " + group, row.getDouble(3));
            }
        }
        return new StageReport(figures);
    }

    private static Dataset<Row> accuracies(org.apache.spark.sql.RelationalGroupedDataset groups) {
        return groups.agg(functions.count("*"), functions.avg("right"), functions.avg("longer"));
    }

    /**
     * Whether the chosen response has more; a tie counts half.
     *
     * @param chosen column of the chosen response's figure
     * @param rejected column of the rejected one's
     * @return 1, 0.5 or 0
     */
    public static Column right(String chosen, String rejected) {
        Column difference = functions.col(chosen).minus(functions.col(rejected));
        return functions.when(difference.gt(0), 1.0).when(difference.lt(0), 0.0).otherwise(0.5);
    }

    private static double standardError(double share, long count) {
        return Math.sqrt(share * (1 - share) / (double) count);
    }
}
