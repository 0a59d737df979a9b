package org.hone.spark.recipe;

/** How tables are kept. */
public enum TableFormat {
    /** Delta Lake over Parquet: atomic commits, older versions, history. */
    DELTA,
    /** Plain Parquet, for who has other means of versioning. */
    PARQUET
}
