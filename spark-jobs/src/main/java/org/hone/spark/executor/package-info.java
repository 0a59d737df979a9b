/** What lives on an executor between tasks: local copies, tokenizers, models, the device. */
@NullMarked
package org.hone.spark.executor;

import org.jspecify.annotations.NullMarked;
