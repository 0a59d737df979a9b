package org.hone.spark.recipe;

import java.io.Serializable;

/**
 * Removal of rows that share an n-gram of words with an evaluation set.
 *
 * @param enabled whether it is done
 * @param words n
 * @param shortestWords a text of an evaluation set with fewer words than n is compared whole, from this many on
 */
public record DecontaminationRecipe(boolean enabled, int words, int shortestWords) implements Serializable {
    static DecontaminationRecipe read(Section section) {
        return new DecontaminationRecipe(
                section.flag("enabled", true),
                section.integer("words", 13, 1, 1_000),
                section.integer("shortest-words", 5, 1, 1_000));
    }
}
