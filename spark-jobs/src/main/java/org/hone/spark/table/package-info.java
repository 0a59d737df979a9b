/** Tables: the schemas of what a run stores, and how rows become records and back. */
@NullMarked
package org.hone.spark.table;

import org.jspecify.annotations.NullMarked;
