/**
 * The quickstart's small world: everyday prompts, answers of every quality, and a gold reward that ranks any
 * response, so that a whole round of alignment can be judged on a machine without any file from outside.
 */
@NullMarked
package org.hone.data.world;

import org.jspecify.annotations.NullMarked;
