package org.hone.spark.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tables of token ids. The prompt of a pair is kept once; both responses continue it. */
public final class TokenTables {
    /**
     * Comparisons: prompt, chosen and rejected response, margin, which of the two is safe where an annotator said so, and what
     * an evaluation groups by.
     */
    public static final StructType PAIRS = new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.tokens("prompt"),
        Columns.tokens("chosen"),
        Columns.tokens("rejected"),
        Columns.required("margin", DataTypes.FloatType),
        Columns.optional("chosen_safe", DataTypes.BooleanType),
        Columns.optional("rejected_safe", DataTypes.BooleanType),
        Columns.optional("rating", DataTypes.StringType),
        Columns.required("source", DataTypes.StringType),
        Columns.required("chosen_characters", DataTypes.IntegerType),
        Columns.required("rejected_characters", DataTypes.IntegerType),
        Columns.required("dropped_tokens", DataTypes.IntegerType),
        Columns.required("held_out", DataTypes.BooleanType)
    });

    /** Fine-tuning rows: prompt and the response that is imitated. */
    public static final StructType EXAMPLES = new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.tokens("prompt"),
        Columns.tokens("response"),
        Columns.required("dropped_tokens", DataTypes.IntegerType)
    });

    /**
     * Fine-tuning rows of several whole examples each: of every example its prompt, then its response. The lengths, one
     * each an example, say which is which; an example has its own positions and attends to itself only.
     */
    public static final StructType PACKED = new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.required("examples", DataTypes.createArrayType(DataTypes.StringType, false)),
        Columns.tokens("tokens"),
        Columns.tokens("prompt_lengths"),
        Columns.tokens("response_lengths"),
        Columns.tokens("dropped_tokens")
    });

    /**
     * Prompts to answer: the dialogue, its ids as far as they leave room for a response, and whether it stands in comparisons of
     * safety, where the safety model's word counts.
     */
    public static final StructType PROMPTS = new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.dialogue("prompt"),
        Columns.tokens("tokens"),
        Columns.required("is_safety", DataTypes.BooleanType),
        Columns.required("held_out", DataTypes.BooleanType)
    });

    private TokenTables() {}
}
