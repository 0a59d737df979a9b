package org.hone.spark.curation;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.hone.data.curation.MinHash;
import org.hone.data.curation.RowShingles;
import org.hone.spark.recipe.NearDuplicatesRecipe;

/**
 * Near-duplicates within each table. Rows with equal sets of shingles become one node; nodes that share a band are candidates
 * ({@link CandidatePairs}); candidates of which every part, the prompt and each response, reaches the threshold of exact
 * Jaccard similarity are linked ({@link RowShingles}); linked rows are one cluster, and its best row is kept
 * ({@link Verdicts#BEST_FIRST}). So comparisons of other responses to one prompt stay, however long the prompt is.
 *
 * <p>Shuffled are keys, sketches and bands of all rows, and the sets of those rows alone that are candidates.
 */
final class NearDuplicates {
    private final NearDuplicatesRecipe recipe;
    private final Held held;

    NearDuplicates(NearDuplicatesRecipe recipe, Held held) {
        this.recipe = recipe;
        this.held = held;
    }

    /**
     * Finds the rows to remove.
     *
     * @param facts facts; rows that have a rule are left out
     * @param set which of their sets is compared
     * @param shingles the sets of the rows with the given keys, as {@link ShingleReader} gives them
     * @return columns {@code key} and {@code found}, the id of the row that is kept instead
     */
    Dataset<Row> find(Dataset<Row> facts, String set, Shingled shingles) {
        Dataset<Row> members = members(facts, set);
        Dataset<Row> links = links(members, set, shingles);
        Column component = functions.coalesce(functions.col("component"), functions.col("node"));
        Dataset<Row> clusters = members.drop(set)
                .join(Components.of(links, held), "node", "left")
                .withColumn("component", component);
        WindowSpec cluster = Window.partitionBy("component").orderBy(Verdicts.BEST_FIRST);
        return clusters.withColumn("rank", functions.row_number().over(cluster))
                .withColumn("found", functions.first("id").over(cluster))
                .filter("rank > 1")
                .select(Facts.KEY, "found");
    }

    /** The rows with their nodes: rows with equal sets have one, the smallest of their keys. */
    Dataset<Row> members(Dataset<Row> facts, String set) {
        WindowSpec equal = Window.partitionBy(Facts.TABLE, set + ".high", set + ".low");
        return held.keep(facts.filter(Verdicts.LEFT.and(functions.col(set).isNotNull()))
                .select(
                        functions.col(Facts.KEY),
                        functions.col("id"),
                        functions.col("preference"),
                        functions.col("characters"),
                        functions.col("week"),
                        functions.col(set),
                        functions.min(Facts.KEY).over(equal).as("node")));
    }

    /** Reads texts again and makes the sets of the rows whose keys are known. */
    interface Shingled {
        /**
         * Makes the sets.
         *
         * @param keys whose
         * @return columns {@code key} and {@code shingles}
         */
        Dataset<Row> of(KnownKeys keys);
    }

    /** The pairs of nodes that are similar enough: columns {@code a} and {@code b}. */
    Dataset<Row> links(Dataset<Row> members, String set, Shingled shingled) {
        Dataset<Row> pairs = held.keep(candidates(members.filter("key = node"), set));
        Dataset<Row> ends = pairs.select(functions.col("a").as(Facts.KEY))
                .unionAll(pairs.select(functions.col("b").as(Facts.KEY)));
        KnownKeys compared = KnownKeys.of(ends, Facts.KEY);
        if (compared.isEmpty()) {
            return pairs; // the texts need not be read again
        }
        Dataset<Row> sets = held.keep(shingled.of(compared));
        double threshold = recipe.similarity();
        UDF2<byte[], byte[], Boolean> alike =
                (one, other) -> RowShingles.unpack(one).similarity(RowShingles.unpack(other)) >= threshold;
        Dataset<Row> ofA = sets.select(
                functions.col(Facts.KEY).as("a"), functions.col("shingles").as("set_a"));
        Dataset<Row> ofB = sets.select(
                functions.col(Facts.KEY).as("b"), functions.col("shingles").as("set_b"));
        return pairs.join(ofA, "a")
                .join(ofB, "b")
                .filter(functions
                        .udf(alike, DataTypes.BooleanType)
                        .apply(functions.col("set_a"), functions.col("set_b")))
                .select("a", "b");
    }

    private Dataset<Row> candidates(Dataset<Row> nodes, String set) {
        CandidatePairs pairs =
                new CandidatePairs(recipe.window(), recipe.similarity(), MinHash.sketchDistance(recipe.similarity()));
        return nodes.select(
                        functions.explode(functions.col(set + ".bands")).as("band"),
                        functions.col(set + ".sketch").as("sketch"),
                        functions.col("node"),
                        functions.col(set + ".size").as("size"))
                .repartition(functions.col("band"))
                .sortWithinPartitions("band", "sketch", "node")
                .mapPartitions(pairs, Encoders.row(CandidatePairs.SCHEMA))
                .distinct();
    }
}
