/** Trains a tokenizer over a corpus: words are counted on the executors, merged on the driver. */
@NullMarked
package org.hone.spark.tokenizer;

import org.jspecify.annotations.NullMarked;
