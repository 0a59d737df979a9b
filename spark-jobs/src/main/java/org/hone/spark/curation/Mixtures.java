package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.data.curation.Proportion;
import org.hone.data.curation.RemovalRule;
import org.hone.spark.recipe.MixturesRecipe;

/**
 * The mixtures of training comparisons (recipe section 6). Helpfulness: all our own helpfulness data, and as much drawn
 * from everything else. Safety: all safety data, our own and published, and a ninth of it drawn from all helpfulness
 * data. A comparison may be in both; one in neither is removed as not drawn.
 *
 * @param recipe the shares
 * @param seed the run's seed
 */
record Mixtures(MixturesRecipe recipe, long seed) {
    private static final Column HELPFULNESS = functions.col("helpfulness");
    private static final Column TRAINED = Verdicts.LEFT.and(functions.not(functions.col("held_out")));

    /**
     * Facts with the columns {@code in_helpfulness} and {@code in_safety}.
     *
     * @param facts the facts
     * @param reports what each mixture was made of
     */
    record Mixed(Dataset<Row> facts, List<MixtureReport> reports) {}

    Mixed mix(Dataset<Row> facts) {
        List<MixtureReport> reports = new ArrayList<>();
        Column ownHelpfulness = HELPFULNESS.and(functions.col("own"));
        Column helpfulness = HELPFULNESS;
        Column safety = functions.not(HELPFULNESS);
        if (recipe.enabled()) {
            Dataset<Row> trained = facts.filter(TRAINED);
            Row counts = trained.agg(
                            functions.count_if(ownHelpfulness),
                            functions.count_if(functions.not(ownHelpfulness)),
                            functions.count_if(safety),
                            functions.count_if(functions.not(safety)))
                    .head();
            Proportion forHelpfulness = new Proportion(counts.getLong(0), counts.getLong(1));
            Proportion forSafety = new Proportion(counts.getLong(2), counts.getLong(3));
            helpfulness = mix(trained, "helpfulness", ownHelpfulness, forHelpfulness, reports);
            safety = mix(trained, "safety", safety, forSafety, reports);
        }
        Dataset<Row> mixed = facts.withColumn("in_helpfulness", TRAINED.and(helpfulness))
                .withColumn("in_safety", TRAINED.and(safety));
        Column drawn =
                functions.col("in_helpfulness").or(functions.col("in_safety")).or(functions.col("held_out"));
        Column detail = functions.lit("no mixture needed it");
        return new Mixed(Verdicts.mark(mixed, functions.not(drawn), RemovalRule.NOT_DRAWN, detail), reports);
    }

    private Column mix(
            Dataset<Row> trained, String name, Column isFirst, Proportion available, List<MixtureReport> reports) {
        double share = name.equals("safety") ? recipe.safetyOthers() : recipe.helpfulnessOthers();
        Proportion drawn = Proportion.of(available, share, recipe.shortage());
        reports.add(new MixtureReport(name, share, available, drawn));
        Column ticket = ExactDraw.ticket(seed, name);
        Column first = ExactDraw.draw(trained.filter(isFirst), ticket, available.first(), drawn.first());
        Column second =
                ExactDraw.draw(trained.filter(functions.not(isFirst)), ticket, available.second(), drawn.second());
        return isFirst.and(first).or(functions.not(isFirst).and(second));
    }
}
