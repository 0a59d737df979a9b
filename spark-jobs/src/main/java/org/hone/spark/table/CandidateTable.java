package org.hone.spark.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.hone.data.dialogue.ContentHash;

/**
 * The candidate pool: sampled responses with their lineage, and what the reward models of each round thought of them. A candidate
 * stands once, in its round's part; scores of newer reward models are rows of their own and replace none.
 */
public final class CandidateTable {
    /**
     * One row a sampled response. {@code tokens} and their {@code log_probs} (nats, at temperature 1) are all that was drawn, EOS
     * included, and {@code log_prob} is the sum; {@code text} is what the response says, which a stop text cuts ({@code
     * finish_reason} STOP). {@code is_safety} says that the prompt may lead to an unsafe answer.
     */
    public static final StructType CANDIDATES = new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.required("prompt_id", DataTypes.StringType),
        Columns.required("sample", DataTypes.IntegerType),
        Columns.required("round", DataTypes.IntegerType),
        Columns.required("policy", DataTypes.StringType),
        Columns.required("temperature", DataTypes.DoubleType),
        Columns.required("seed", DataTypes.LongType),
        Columns.dialogue("prompt"),
        Columns.required("is_safety", DataTypes.BooleanType),
        Columns.tokens("prompt_tokens"),
        Columns.tokens("tokens"),
        Columns.required("text", DataTypes.StringType),
        Columns.required("log_prob", DataTypes.DoubleType),
        Columns.required("log_probs", DataTypes.createArrayType(DataTypes.FloatType, false)),
        Columns.required("finish_reason", DataTypes.StringType)
    });

    /** What reward models, known by their content's hash, thought of a response; null where there is no such model. */
    private static final StructType REWARDS = new StructType(new StructField[] {
        Columns.optional("helpfulness_model", DataTypes.StringType),
        Columns.optional("helpfulness", DataTypes.DoubleType),
        Columns.optional("safety_model", DataTypes.StringType),
        Columns.optional("safety", DataTypes.DoubleType),
        Columns.required("reward", DataTypes.DoubleType)
    });

    /** Candidates with their rewards. */
    public static final StructType SCORED = join(CANDIDATES, REWARDS);

    /** Rewards alone, for the candidates of all rounds so far. */
    public static final StructType SCORES = join(
            new StructType(new StructField[] {
                Columns.required("id", DataTypes.StringType),
                Columns.required("prompt_id", DataTypes.StringType),
                Columns.required("round", DataTypes.IntegerType)
            }),
            REWARDS);

    private CandidateTable() {}

    private static StructType join(StructType first, StructType second) {
        StructType joined = first;
        for (StructField field : second.fields()) {
            joined = joined.add(field);
        }
        return joined;
    }

    /**
     * The id of a candidate: equal exactly for what is the same draw.
     *
     * @param policy hash of the policy
     * @param promptId the prompt's id
     * @param round the round's number
     * @param temperature what the logits were divided by
     * @param seed the draw's seed
     * @param sample its number among the draws of its prompt
     * @return 32 hexadecimal digits
     */
    public static String id(String policy, String promptId, int round, double temperature, long seed, int sample) {
        return ContentHash.start()
                .add(policy)
                .add(promptId)
                .add(round + " " + temperature + " " + seed + " " + sample)
                .hex();
    }
}
