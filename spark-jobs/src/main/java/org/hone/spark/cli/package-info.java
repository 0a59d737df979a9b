/** The command line. */
@NullMarked
package org.hone.spark.cli;

import org.jspecify.annotations.NullMarked;
