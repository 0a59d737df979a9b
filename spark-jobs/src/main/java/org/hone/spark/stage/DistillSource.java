package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.hone.data.dialogue.ContentHash;
import org.hone.model.random.Seeds;
import org.hone.model.sampling.FinishReason;
import org.hone.spark.recipe.DistillRecipe;
import org.hone.spark.run.Checksum;
import org.hone.spark.run.RunFolder;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Split;

/**
 * What a round of a run selected, as another policy learns it.
 *
 * @param run the run
 * @param round the round's number, from 1
 */
record DistillSource(RunFolder run, int round) {
    private static final Pattern ROUND = Pattern.compile("v([1-9][0-9]{0,5})");

    private static final long SALT = Seeds.hash("distillation");

    /** The rounds of a run that have selected, in order. */
    static List<Integer> rounds(RunFolder run) throws IOException {
        List<Integer> rounds = new ArrayList<>();
        for (String name : run.storage().list(run.path(""))) {
            Matcher round = ROUND.matcher(name);
            if (round.matches() && run.isDone(name + "/" + SelectStage.NAME)) {
                rounds.add(Integer.valueOf(round.group(1)));
            }
        }
        return rounds.stream().sorted().toList();
    }

    /** Whether the selection is there, whole. */
    boolean isThere() throws IOException {
        return run.isDone("v" + round + "/" + SelectStage.NAME);
    }

    /** The selection's table. */
    String table() {
        return run.path("v" + round + "/" + SelectStage.SELECTED.name());
    }

    /** Of every selected response what is learned of it: whose answer, and what it says. */
    Dataset<Row> read(SparkSession spark) {
        return spark.read()
                .schema(SelectStage.SELECTED.schema())
                .parquet(table())
                .select("id", "round", "prompt", "text", "finish_reason");
    }

    /**
     * The rows with a text to learn. Whether a response had {@code finished} decides about its EOS; one that had not may end within
     * a character, of which the tokens so far say nothing.
     */
    static Dataset<Row> texts(Dataset<Row> selected) {
        Column finished = functions.col("finish_reason").isin(FinishReason.EOS.name(), FinishReason.STOP.name());
        Column text = functions.col("text");
        return selected.withColumn("finished", finished)
                .withColumn(
                        "text",
                        functions.when(finished, text).otherwise(functions.regexp_replace(text, "\uFFFD+\\z", "")))
                .filter(functions.col("text").rlike("\\S"));
    }

    /**
     * Which rows the student is only watched by. The seed is not the run's even where the number is: the run has held out prompts by
     * its own, and has selected none of them.
     */
    static FilterFunction<Row> isHeldOut(DistillRecipe recipe) {
        Split split =
                new Split(Seeds.mix(recipe.seed(), SALT), recipe.validation().heldOutFraction());
        return row -> split.isHeldOut(Columns.dialogue(row, "prompt"));
    }

    /** A checksum of what is learned: the same for the same rows, in whichever order and files they stand. */
    static String checksum(Dataset<Row> selected) {
        MapFunction<Row, String> hash = row -> ContentHash.start()
                .add(row.<String>getAs("id"))
                .add(String.valueOf(row.<Integer>getAs("round")))
                .add(row.<String>getAs("finish_reason"))
                .add(row.<String>getAs("text"))
                .add(Columns.dialogue(row, "prompt"))
                .hex();
        Column hashes = functions.concat_ws("", functions.sort_array(functions.collect_list("value")));
        // a hash a row is too much for one place where there are many millions
        List<Row> parts = selected.map(hash, Encoders.STRING())
                .groupBy(functions.substring(functions.col("value"), 1, 2).as("part"))
                .agg(functions.sha2(hashes.cast(DataTypes.BinaryType), 256).as("sha256"))
                .orderBy("part")
                .collectAsList();
        return Checksum.sha256(parts.stream().map(part -> part.getString(1)).collect(Collectors.joining()));
    }
}
