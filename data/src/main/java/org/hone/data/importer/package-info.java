/** Importers: what each published data set means, record by record. */
@NullMarked
package org.hone.data.importer;

import org.jspecify.annotations.NullMarked;
