/** How good reward models are: rewards of held-out comparisons from the executors, figures with intervals, a page. */
@NullMarked
package org.hone.spark.evaluation;

import org.jspecify.annotations.NullMarked;
