/** What training makes small. Losses are sums; who knows the global count divides, once. */
@NullMarked
package org.hone.model.loss;

import org.jspecify.annotations.NullMarked;
