package org.hone.spark.recipe;

/**
 * What an audit allows and what it shows.
 *
 * @param maxTruncatedShare largest share of a source's rows of which tokens were left out
 * @param previewRows rows that are shown, chosen by a hash of the seed and the row's id
 * @param violationsShown rows that are named for each broken rule, the smallest ids first
 * @param seed decides which rows are shown
 */
public record AuditRecipe(double maxTruncatedShare, int previewRows, int violationsShown, long seed) {
    static AuditRecipe read(Section section) {
        return new AuditRecipe(
                section.number("max-truncated-share", 0.05, 0, 1),
                section.integer("preview-rows", 20, 0, 1_000),
                section.integer("violations-shown", 5, 1, 1_000),
                section.seed("seed", 0));
    }
}
