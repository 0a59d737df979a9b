/** Curation on Spark: what leaves the tables before training, by which rule, and what the mixtures are made of. */
@NullMarked
package org.hone.spark.curation;

import org.jspecify.annotations.NullMarked;
