package org.hone.spark.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Sampled responses with their lineage, and the scores that reward models gave them. */
public final class CandidateTable {
    /**
     * One row a sampled response. {@code tokens} and {@code log_prob} (nats) are all that was drawn, EOS included; {@code text} is
     * what the response says, which a stop text cuts ({@code finish_reason} STOP).
     */
    public static final StructType CANDIDATES = new StructType(new StructField[] {
        Columns.required("prompt_id", DataTypes.StringType),
        Columns.required("sample", DataTypes.IntegerType),
        Columns.required("round", DataTypes.IntegerType),
        Columns.required("policy", DataTypes.StringType),
        Columns.required("temperature", DataTypes.DoubleType),
        Columns.required("seed", DataTypes.LongType),
        Columns.dialogue("prompt"),
        Columns.tokens("prompt_tokens"),
        Columns.tokens("tokens"),
        Columns.required("text", DataTypes.StringType),
        Columns.required("log_prob", DataTypes.DoubleType),
        Columns.required("finish_reason", DataTypes.StringType)
    });

    /** The same with the reward of one reward model. */
    public static final StructType SCORED = CANDIDATES
            .add(Columns.required("reward_model", DataTypes.StringType))
            .add(Columns.required("reward", DataTypes.DoubleType));

    private CandidateTable() {}
}
