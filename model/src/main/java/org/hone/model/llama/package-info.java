/** The Llama transformer and what stands on top of it. */
@NullMarked
package org.hone.model.llama;

import org.jspecify.annotations.NullMarked;
