package org.hone.spark.recipe;

/** Whose weights a stage starts from. */
public enum StartFrom {
    /** The base model of the recipe. */
    BASE_MODEL,
    /** The policy that this round's supervised fine-tuning made. */
    SFT_POLICY
}
