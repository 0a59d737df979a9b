package org.hone.spark.recipe;

/** Whose weights a stage starts from. */
public enum StartFrom {
    /** The base model of the recipe. */
    BASE_MODEL,
    /** The policy that supervised fine-tuning made, in the first round. */
    SFT_POLICY,
    /** The best policy of the rounds before; in the first round the one that supervised fine-tuning made. */
    NEWEST_POLICY
}
