/** Training of byte-pair vocabularies that SentencePiece reads, from counts of words. */
@NullMarked
package org.hone.data.tokenizer.train;

import org.jspecify.annotations.NullMarked;
