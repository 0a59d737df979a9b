/** Dialogues: who said what, in order. */
@NullMarked
package org.hone.data.dialogue;

import org.jspecify.annotations.NullMarked;
