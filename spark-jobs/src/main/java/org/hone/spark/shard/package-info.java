/** Token shards: Parquet files that the ranks of a training stage read by themselves, in one global order. */
@NullMarked
package org.hone.spark.shard;

import org.jspecify.annotations.NullMarked;
