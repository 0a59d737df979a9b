/** Randomness as a pure function of what is drawn, never of where or in which order it is drawn. */
@NullMarked
package org.hone.model.random;

import org.jspecify.annotations.NullMarked;
