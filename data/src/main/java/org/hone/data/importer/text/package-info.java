/** Text to pretrain on. */
@NullMarked
package org.hone.data.importer.text;

import org.jspecify.annotations.NullMarked;
