package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
        List<Row> groups = rewards.groupBy("rating", "source")
                .agg(
                        functions.count("*"),
                        functions.sum(right("chosen_reward", "rejected_reward")),
                        functions.sum(right("chosen_characters", "rejected_characters")))
                .collectAsList();
        Tally all = Tally.of(groups);
        figures.put("pairs", all.pairs());
        figures.put("accuracy", all.accuracy());
        figures.put("accuracy_standard_error", standardError(all.accuracy(), all.pairs()));
        figures.put("length_only_accuracy", all.longer() / all.pairs());
        for (int column = 0; column < 2; column++) {
            SortedMap<String, List<Row>> byName = new TreeMap<>();
            for (Row group : groups) {
                if (!group.isNullAt(column)) {
                    byName.computeIfAbsent(group.getString(column), name -> new ArrayList<>())
                            .add(group);
                }
            }
            byName.forEach((name, rows) -> {
                String group = name.toLowerCase(Locale.ROOT);
                Tally tally = Tally.of(rows);
                figures.put("pairs " + group, tally.pairs());
                figures.put("accuracy " + group, tally.accuracy());
                figures.put("length_only_accuracy " + group, tally.longer() / tally.pairs());
            });
        }
        return new StageReport(figures);
    }

    /**
     * Comparisons of some groups. Sums of ones and halves are exact, whatever their order.
     *
     * @param pairs how many
     * @param right in how many the model prefers the chosen response, a tie half
     * @param longer in how many the chosen response is the longer one, a tie half
     */
    private record Tally(long pairs, double right, double longer) {
        static Tally of(List<Row> groups) {
            return new Tally(
                    groups.stream().mapToLong(group -> group.getLong(2)).sum(),
                    groups.stream().mapToDouble(group -> group.getDouble(3)).sum(),
                    groups.stream().mapToDouble(group -> group.getDouble(4)).sum());
        }

        double accuracy() {
            return right / pairs;
        }
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
