/** The candidates of all rounds: what sampling more of them would bring, which are selected, and where each came from. */
@NullMarked
package org.hone.spark.pool;

import org.jspecify.annotations.NullMarked;
