package org.hone.spark.table;

import org.apache.spark.sql.types.StructType;

/**
 * A table of a run: where it stands, and its columns. It is always read by this schema, so a table that was altered is
 * noticed, and no job is spent on finding out.
 *
 * @param name its folder below the run's
 * @param schema its columns
 */
public record Table(String name, StructType schema) {}
