/** Demonstrations: prompts with the answers that supervised fine-tuning imitates. */
@NullMarked
package org.hone.data.sft;

import org.jspecify.annotations.NullMarked;
