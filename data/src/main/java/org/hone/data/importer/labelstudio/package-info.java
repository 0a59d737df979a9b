/** Importer of Label Studio's JSON export of pairwise comparisons. */
@NullMarked
package org.hone.data.importer.labelstudio;

import org.jspecify.annotations.NullMarked;
