/** The stages of a round, one class each, and the round that runs them in order. */
@NullMarked
package org.hone.spark.stage;

import org.jspecify.annotations.NullMarked;
