/** Gang-scheduled training: a barrier stage whose tasks are the ranks of a data-parallel run. */
@NullMarked
package org.hone.spark.training;

import org.jspecify.annotations.NullMarked;
