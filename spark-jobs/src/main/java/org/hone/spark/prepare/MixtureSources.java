package org.hone.spark.prepare;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.data.curation.Proportion;
import org.hone.data.curation.SourceRole;
import org.hone.spark.recipe.MixturesRecipe;

/** Whether there is anything that the helpfulness mixture can be made of, before hours are spent on what is thrown away. */
final class MixtureSources {
    private static final String OFF = "curation.mixtures.enabled: false, which trains on all comparisons of an axis";

    private MixtureSources() {}

    /**
     * Refuses to curate if no comparison on helpfulness could be drawn. A recipe without any, of safety or of demonstrations
     * alone, wants no such mixture.
     *
     * @param preferences the imported comparisons
     * @param roles the recipe's sources
     * @param recipe the shares
     */
    static void check(Dataset<Row> preferences, List<SourceRole> roles, MixturesRecipe recipe) {
        if (!recipe.enabled()) {
            return;
        }
        long own = 0;
        long helpfulness = 0;
        long all = 0;
        for (Row row : preferences.groupBy("source").count().collectAsList()) {
            String source = row.getString(0);
            for (SourceRole role : roles) {
                if (role.source().equals(source)) {
                    boolean isHelpfulness = role.axis() == SourceRole.Axis.HELPFULNESS;
                    all += row.getLong(1);
                    helpfulness += isHelpfulness ? row.getLong(1) : 0;
                    own += isHelpfulness && role.origin() == SourceRole.Origin.OWN ? row.getLong(1) : 0;
                }
            }
        }
        Proportion drawn = Proportion.of(new Proportion(own, all - own), recipe.helpfulnessOthers(), recipe.shortage());
        if (helpfulness == 0 || drawn.first() + drawn.second() > 0) {
            return;
        }
        throw new IllegalArgumentException("curation.mixtures: the helpfulness mixture would be empty, and "
                + helpfulness + " comparisons on helpfulness be left out: "
                + (own == 0
                        ? "it begins with the comparisons of sources with origin: own and axis: helpfulness, and there"
                                + " are none; say origin: own for what your annotators wrote, or "
                        : "there are " + own + " of your own, and too few others for helpfulness-others "
                                + recipe.helpfulnessOthers()
                                + "; add sources with origin: open-source, say shortage: keep, or ")
                + OFF);
    }
}
