/** Curation as pure arithmetic: which rows are wrong, alike, known from an evaluation, and how many make a mixture. */
@NullMarked
package org.hone.data.curation;

import org.jspecify.annotations.NullMarked;
