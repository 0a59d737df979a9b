/** Text in, token ids and masks out. */
@NullMarked
package org.hone.data;

import org.jspecify.annotations.NullMarked;
