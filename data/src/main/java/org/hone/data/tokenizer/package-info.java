/** Text to token ids and back: SentencePiece models and Hugging Face's {@code tokenizer.json}. */
@NullMarked
package org.hone.data.tokenizer;

import org.jspecify.annotations.NullMarked;
