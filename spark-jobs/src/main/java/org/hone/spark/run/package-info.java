/** A run's folder: what each stage left, and which stages are done. */
@NullMarked
package org.hone.spark.run;

import org.jspecify.annotations.NullMarked;
