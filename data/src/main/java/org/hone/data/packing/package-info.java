/** Several examples in one row of token ids, without one seeing another. */
@NullMarked
package org.hone.data.packing;

import org.jspecify.annotations.NullMarked;
