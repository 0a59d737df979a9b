/** The quickstart: a round in a small generated world, without any file from outside. */
@NullMarked
package org.hone.spark.quickstart;

import org.jspecify.annotations.NullMarked;
