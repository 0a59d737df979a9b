/** Human preferences: a prompt, the response that was chosen and the one that was not. */
@NullMarked
package org.hone.data.preference;

import org.jspecify.annotations.NullMarked;
