/** Raw files to rows of tables and of the quarantine: plans which task reads what, and accounts for every record. */
@NullMarked
package org.hone.spark.importer;

import org.jspecify.annotations.NullMarked;
