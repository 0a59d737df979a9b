/** Sets of prompts with the answers that fine-tuning imitates. */
@NullMarked
package org.hone.data.importer.demonstration;

import org.jspecify.annotations.NullMarked;
