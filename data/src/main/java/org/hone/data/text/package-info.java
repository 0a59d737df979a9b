/** Text to pretrain on. */
@NullMarked
package org.hone.data.text;

import org.jspecify.annotations.NullMarked;
