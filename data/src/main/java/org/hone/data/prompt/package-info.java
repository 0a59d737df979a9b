/** Prompts without an answer, adversarial ones tagged with risk category and attack vector. */
@NullMarked
package org.hone.data.prompt;

import org.jspecify.annotations.NullMarked;
