/** The audit of whole tables and of shards: every row that training will see, on the executors. */
@NullMarked
package org.hone.spark.audit;

import org.jspecify.annotations.NullMarked;
