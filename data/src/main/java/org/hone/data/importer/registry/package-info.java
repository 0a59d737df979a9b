/** All formats, by name or by what a file's first records look like. */
@NullMarked
package org.hone.data.importer.registry;

import org.jspecify.annotations.NullMarked;
