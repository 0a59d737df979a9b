/** Importer of Anthropic's HH-RLHF files. */
@NullMarked
package org.hone.data.importer.hh;

import org.jspecify.annotations.NullMarked;
