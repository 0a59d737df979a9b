/** Raw files to tables, curated tables and token shards: import, curate, audit, pack. */
@NullMarked
package org.hone.spark.prepare;

import org.jspecify.annotations.NullMarked;
