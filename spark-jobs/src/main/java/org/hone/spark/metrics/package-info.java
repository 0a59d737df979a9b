/** What a training run shows of itself, step by step: a table, TensorBoard's event files, and where the time went. */
@NullMarked
package org.hone.spark.metrics;

import org.jspecify.annotations.NullMarked;
