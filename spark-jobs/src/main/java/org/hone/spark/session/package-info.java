/** How Hone sets Spark up: serialiser, safety nets, slots, progress. */
@NullMarked
package org.hone.spark.session;

import org.jspecify.annotations.NullMarked;
