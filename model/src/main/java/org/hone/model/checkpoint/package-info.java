/** Models in and out: Hugging Face folders, safetensors files and their checksums. */
@NullMarked
package org.hone.model.checkpoint;

import org.jspecify.annotations.NullMarked;
