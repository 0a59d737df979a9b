package org.hone.spark.curation;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Connected components by alternating large-star and small-star steps (Kiveris and others, "Connected components in
 * MapReduce and beyond", 2014): edges are turned to the smallest neighbour until every component is a star around its
 * smallest node. Edges never outgrow their first number, and only two numbers a round reach the driver.
 */
final class Components {
    /** The rounds grow with the square of the logarithm of the longest path; so many stand for 10^9 nodes. */
    private static final int MOST_ROUNDS = 100;

    private Components() {}

    /**
     * Finds the components.
     *
     * @param edges columns {@code a} and {@code b}, a < b
     * @param held where results are kept
     * @return columns {@code node} and {@code component}, its smallest node; that node itself is left out
     */
    static Dataset<Row> of(Dataset<Row> edges, Held held) {
        Dataset<Row> current = held.keep(
                edges.select(functions.col("b").as("child"), functions.col("a").as("parent")));
        Row state = state(current);
        if (state.getLong(0) == 0) {
            return renamed(current);
        }
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Dataset<Row> next = held.keep(smallStar(largeStar(current)));
            Row nextState = state(next);
            if (nextState.equals(state)) {
                return renamed(next);
            }
            current = next;
            state = nextState;
        }
        throw new IllegalStateException("near-duplicates are linked in a chain that " + MOST_ROUNDS
                + " rounds did not resolve; raise curation.near-duplicates.similarity");
    }

    private static Dataset<Row> renamed(Dataset<Row> stars) {
        return stars.select(
                functions.col("child").as("node"), functions.col("parent").as("component"));
    }

    /** Links every larger neighbour of a node to the smallest of the node and its neighbours. */
    private static Dataset<Row> largeStar(Dataset<Row> edges) {
        Dataset<Row> both = edges.select(
                        functions.col("child").as("u"), functions.col("parent").as("v"))
                .unionAll(edges.select(
                        functions.col("parent").as("u"), functions.col("child").as("v")));
        Column least = functions.least(functions.col("u"), functions.min("v").over(Window.partitionBy("u")));
        return both.withColumn("least", least)
                .filter("v > u")
                .select(functions.col("v").as("child"), functions.col("least").as("parent"))
                .distinct();
    }

    /** Links a node and its smaller neighbours to the smallest of them. */
    private static Dataset<Row> smallStar(Dataset<Row> edges) {
        Dataset<Row> least = edges.withColumn("least", functions.min("parent").over(Window.partitionBy("child")));
        return least.select(functions.col("child"), functions.col("least").as("parent"))
                .unionAll(least.filter("parent > least")
                        .select(
                                functions.col("parent").as("child"),
                                functions.col("least").as("parent")))
                .distinct();
    }

    /** Two numbers that differ when two sets of edges do. */
    private static Row state(Dataset<Row> edges) {
        Column hash = functions.xxhash64(functions.col("child"), functions.col("parent"));
        return edges.agg(functions.count("*"), functions.bit_xor(hash)).head();
    }
}
