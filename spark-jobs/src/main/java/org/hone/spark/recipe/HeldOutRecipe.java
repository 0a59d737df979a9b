package org.hone.spark.recipe;

/**
 * Which comparisons nothing is trained on. Conversations are taken in an order by a hash of their first user turn, so
 * no prompt is on both sides; a row that shares its first user turn with a held-out comparison is either held out too
 * or removed.
 *
 * @param fraction expected share of all conversations
 * @param weekly comparisons of every week of our own data, together with those that the fraction holds out
 * @param mostOfWeek largest share of a week that the weekly number may take
 */
public record HeldOutRecipe(double fraction, int weekly, double mostOfWeek) {
    static HeldOutRecipe read(Section section) {
        return new HeldOutRecipe(
                section.number("fraction", 0, 0, 0.9),
                section.integer("weekly", 1_000, 0, 100_000_000),
                section.number("most-of-week", 0.5, 0, 1));
    }
}
