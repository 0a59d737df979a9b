/** Recipes: YAML files read into validated records before anything starts. */
@NullMarked
package org.hone.spark.recipe;

import org.jspecify.annotations.NullMarked;
