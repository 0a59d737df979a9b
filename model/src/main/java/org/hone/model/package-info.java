/** Token ids in, numbers out. */
@NullMarked
package org.hone.model;

import org.jspecify.annotations.NullMarked;
