/** A run of rounds as one page: figures from its tables, charts, and its policies' responses to look through. */
@NullMarked
package org.hone.spark.report;

import org.jspecify.annotations.NullMarked;
