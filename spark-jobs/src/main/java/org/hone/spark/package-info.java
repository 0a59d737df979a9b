/** The stages of a round as Spark jobs. */
@NullMarked
package org.hone.spark;

import org.jspecify.annotations.NullMarked;
