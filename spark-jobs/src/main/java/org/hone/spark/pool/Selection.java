package org.hone.spark.pool;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.data.curation.Jaccard;
import org.hone.data.curation.Passage;
import org.hone.data.curation.Shingles;
import org.hone.spark.recipe.SelectionRecipe;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.tokenise.Rows;

/**
 * Which candidates become the new gold responses (recipe section 7): of every prompt the best, by reward; of equals the one of the
 * earlier round, the lower temperature, the lower number.
 */
public final class Selection {
    private Selection() {}

    /**
     * Selects.
     *
     * @param scored rows of {@link CandidateTable#SCORED}
     * @param recipe what is selected
     * @return rows of the same, at most as many a prompt as the recipe says; the same however the candidates are spread
     */
    public static Dataset<Row> of(Dataset<Row> scored, SelectionRecipe recipe) {
        // an empty response cannot be learned
        Dataset<Row> eligible = scored.filter("size(tokens) > 0");
        if (recipe.leastReward() != null) {
            eligible = eligible.filter(functions.col("reward").geq(recipe.leastReward()));
        }
        Dataset<Row> best = eligible.repartition(functions.col("prompt_id"))
                .sortWithinPartitions(
                        functions.col("prompt_id"),
                        functions.desc("reward"),
                        functions.col("round"),
                        functions.col("temperature"),
                        functions.col("sample"),
                        functions.col("id"))
                .mapPartitions(
                        new BestOfPrompt(recipe.perPrompt(), recipe.nearDuplicates()),
                        Encoders.row(CandidateTable.SCORED));
        if (recipe.topShare() == 1) {
            return best;
        }
        long kept = (long) Math.ceil(best.count() * recipe.topShare());
        return best.orderBy(functions.desc("reward"), functions.col("id")).limit((int) kept);
    }

    /** A prompt's candidates, best first → the ones that are kept. */
    private record BestOfPrompt(int most, double nearDuplicates)
            implements MapPartitionsFunction<Row, Row>, Serializable {
        private static final int WORDS = 3;

        @Override
        public Iterator<Row> call(Iterator<Row> candidates) {
            Shingles shingles = new Shingles(WORDS);
            List<long[]> kept = new ArrayList<>();
            String[] prompt = {""};
            return Rows.flatMap(candidates, candidate -> {
                String id = candidate.getAs("prompt_id");
                if (!id.equals(prompt[0])) {
                    prompt[0] = id;
                    kept.clear();
                }
                if (kept.size() == most) {
                    return List.of();
                }
                long[] words = shingles.add(new Passage(Passage.Kind.RESPONSE, candidate.getAs("text")))
                        .take();
                if (kept.stream().anyMatch(better -> Jaccard.of(better, words) >= nearDuplicates)) {
                    return List.of();
                }
                kept.add(words);
                return List.of(candidate);
            });
        }
    }
}
