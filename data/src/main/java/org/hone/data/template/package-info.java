/** Dialogues to rows of token ids: chat templates, loss masks, truncation. */
@NullMarked
package org.hone.data.template;

import org.jspecify.annotations.NullMarked;
