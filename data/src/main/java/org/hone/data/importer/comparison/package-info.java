/** Sets in which a record compares two responses. */
@NullMarked
package org.hone.data.importer.comparison;

import org.jspecify.annotations.NullMarked;
