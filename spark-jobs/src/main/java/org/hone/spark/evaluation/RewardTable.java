package org.hone.spark.evaluation;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What one reward model thinks of a set: a row a comparison, with what figures are grouped by. */
public final class RewardTable {
    /** Rewards in logits, lengths in characters (code points) and in tokens of the model. */
    public static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("rating", DataTypes.StringType, true)
            .add("safety_bin", DataTypes.StringType, true)
            .add("source", DataTypes.StringType, false)
            .add("week", DataTypes.IntegerType, true)
            .add("turns", DataTypes.IntegerType, false)
            .add("chosen_characters", DataTypes.IntegerType, false)
            .add("rejected_characters", DataTypes.IntegerType, false)
            .add("chosen_tokens", DataTypes.IntegerType, false)
            .add("rejected_tokens", DataTypes.IntegerType, false)
            .add("dropped_tokens", DataTypes.IntegerType, false)
            .add("chosen_reward", DataTypes.DoubleType, false)
            .add("rejected_reward", DataTypes.DoubleType, false);

    /** Beyond this a reward says nothing but that the model has diverged; sums of squares stay exact below it. */
    static final double LARGEST_REWARD = 1e6;

    private RewardTable() {}
}
