/** Sets of prompts without answers, tagged with risks of their own, mapped to the recipe's. */
@NullMarked
package org.hone.data.importer.prompt;

import org.jspecify.annotations.NullMarked;
