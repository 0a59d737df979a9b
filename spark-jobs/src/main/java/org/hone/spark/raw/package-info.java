/** Raw files to records: JSON lines, JSON, CSV, Parquet and text, plain or compressed, in chunks that tasks read. */
@NullMarked
package org.hone.spark.raw;

import org.jspecify.annotations.NullMarked;
