/** Formats that are declared rather than written: columns of any file mapped to what Hone reads. */
@NullMarked
package org.hone.data.importer.mapping;

import org.jspecify.annotations.NullMarked;
