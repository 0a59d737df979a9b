/** What all formats share: reading fields with errors that name them, and checking what a record becomes. */
@NullMarked
package org.hone.data.importer.record;

import org.jspecify.annotations.NullMarked;
