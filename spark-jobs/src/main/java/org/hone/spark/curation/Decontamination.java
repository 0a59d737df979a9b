package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.curation.NGrams;
import org.hone.spark.recipe.DecontaminationRecipe;

/** The n-grams of the evaluation sets, and the rows that have one of them. */
final class Decontamination {
    private static final StructType SCHEMA = new StructType()
            .add("hash", DataTypes.LongType, false)
            .add("set", DataTypes.StringType, false)
            .add("words", DataTypes.StringType, false);

    private final Dataset<Row> nGrams;
    private final KnownKeys known;

    private Decontamination(Dataset<Row> nGrams, KnownKeys known) {
        this.nGrams = nGrams;
        this.known = known;
    }

    static Decontamination of(SparkSession spark, List<EvaluationSet> sets, DecontaminationRecipe recipe, Held held) {
        Dataset<Row> all = spark.createDataFrame(List.of(), SCHEMA);
        for (EvaluationSet set : recipe.enabled() ? sets : List.<EvaluationSet>of()) {
            all = all.unionAll(nGrams(set, recipe));
        }
        Column first = functions.min(functions.struct("set", "words")).as("first");
        Dataset<Row> distinct = held.keep(all.groupBy("hash").agg(first).select("hash", "first.set", "first.words"));
        return new Decontamination(distinct, KnownKeys.of(distinct, "hash"));
    }

    /** What lets the few suspects pass. */
    KnownKeys known() {
        return known;
    }

    /** Columns {@code key} and {@code found}: the set, and the words that were found in it. */
    Dataset<Row> find(Dataset<Row> facts) {
        Column found = functions.concat(functions.col("set"), functions.lit(": "), functions.col("words"));
        return facts.filter(Verdicts.LEFT.and(functions.col("suspects").isNotNull()))
                .select(
                        functions.col(Facts.KEY),
                        functions.explode(functions.col("suspects")).as("hash"))
                .join(nGrams, "hash")
                .groupBy(Facts.KEY)
                .agg(functions.min(found).as("found"));
    }

    private static Dataset<Row> nGrams(EvaluationSet set, DecontaminationRecipe recipe) {
        String name = set.name();
        FlatMapFunction<Row, Row> split = row -> {
            NGrams nGrams = new NGrams(recipe.words(), recipe.shortestWords());
            List<Row> found = new ArrayList<>();
            nGrams.each(row.getString(0), (hash, last) -> found.add(RowFactory.create(hash, name, nGrams.text(last))));
            return found.iterator();
        };
        return set.texts().flatMap(split, Encoders.row(SCHEMA));
    }
}
