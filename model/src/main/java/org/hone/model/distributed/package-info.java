/** How the ranks of one training stage find each other and add their numbers. */
@NullMarked
package org.hone.model.distributed;

import org.jspecify.annotations.NullMarked;
