package org.hone.spark.sampling;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.llama.RewardModel;
import org.hone.spark.executor.Executors;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.Columns;

/**
 * Tokenised comparisons → both rewards.
 *
 * @param rewardModel Hugging Face folder of the reward model, as a Hadoop path
 * @param hadoop the file systems' configuration
 * @param progress counts comparisons
 */
public record ComparePairsTask(String rewardModel, SerializableConfiguration hadoop, ProgressAccumulator progress)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    /** The columns that come out; rewards in logits, lengths in characters. */
    public static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("rating", DataTypes.StringType, true)
            .add("chosen_reward", DataTypes.DoubleType, false)
            .add("rejected_reward", DataTypes.DoubleType, false)
            .add("chosen_characters", DataTypes.IntegerType, false)
            .add("rejected_characters", DataTypes.IntegerType, false);

    @Override
    public Iterator<Row> call(Iterator<Row> pairs) {
        RewardModel model = Executors.rewardModel(rewardModel, hadoop.value());
        return new Iterator<>() {
            private long done;

            @Override
            public boolean hasNext() {
                return pairs.hasNext();
            }

            @Override
            public Row next() {
                Row scored = compare(model, pairs.next());
                progress.add(new TaskProgress(++done, ""));
                return scored;
            }
        };
    }

    private static Row compare(RewardModel model, Row pair) {
        int[] prompt = Columns.tokens(pair, "prompt");
        float[] rewards = PackedRewards.of(
                model,
                List.of(List.of(
                        Columns.joined(prompt, Columns.tokens(pair, "chosen")),
                        Columns.joined(prompt, Columns.tokens(pair, "rejected")))));
        return RowFactory.create(
                pair.getAs("id"),
                pair.getAs("source"),
                pair.getAs("rating"),
                (double) rewards[0],
                (double) rewards[1],
                pair.getAs("chosen_characters"),
                pair.getAs("rejected_characters"));
    }
}
