/** Text to token ids on the executors, and the split into training and held-out conversations. */
@NullMarked
package org.hone.spark.tokenise;

import org.jspecify.annotations.NullMarked;
