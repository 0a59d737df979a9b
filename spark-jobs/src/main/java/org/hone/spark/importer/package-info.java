/** Reads raw preference files on the executors, a file a task. */
@NullMarked
package org.hone.spark.importer;

import org.jspecify.annotations.NullMarked;
