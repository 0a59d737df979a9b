/** The K-sample fan-out, scoring and selection: ordinary tasks that may be retried, speculated or lost. */
@NullMarked
package org.hone.spark.sampling;

import org.jspecify.annotations.NullMarked;
