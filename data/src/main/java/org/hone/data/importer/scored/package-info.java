/** Sets in which a record ranks or scores several responses to one prompt. */
@NullMarked
package org.hone.data.importer.scored;

import org.jspecify.annotations.NullMarked;
