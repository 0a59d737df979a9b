package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.world.World;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.stage.Encodings;
import org.hone.spark.stage.Policies;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.stage.TokeniseStage;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;
import org.hone.spark.tokenise.Rows;

/**
 * The week's new preferences (recipe section 10): annotators of the small world compare what the newest policy answers with what the
 * one before it answered. A reward model that saw the crowd's answers alone would judge what it has never seen; and two policies differ
 * by more than two draws from one.
 */
final class CollectStage implements Stage {
    static final String NAME = "collect";

    /** Answers of each of the two policies to a prompt. */
    private static final int ANSWERS = 1;

    private static final Table ANSWERED = new Table(NAME + "/answered", CandidateTable.CANDIDATES);
    private static final Table HELPFULNESS = new Table(NAME + "/helpfulness", PreferenceTable.SCHEMA);
    private static final Table SAFETY = new Table(NAME + "/safety", PreferenceTable.SCHEMA);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Dataset<Row> before = context.ofRound(context.round() - 1)
                .read(SampleStage.CANDIDATES)
                .filter(functions.col("sample").lt(ANSWERS));
        answer(context, before);
        Dataset<Row> prompts = before.unionByName(context.read(ANSWERED))
                .groupBy("prompt_id")
                .agg(
                        functions.any_value(functions.col("prompt")).as("prompt"),
                        functions
                                .sort_array(functions.collect_list(functions.struct("sample", "round", "text")))
                                .as("responses"));
        Dataset<Row> preferences = prompts.mapPartitions(
                        new Annotators(context.recipe().seed(), context.round()), Encoders.row(PreferenceTable.SCHEMA))
                .persist(StorageLevel.DISK_ONLY());
        WorldStage.byAxis(context, preferences, HELPFULNESS, SAFETY);
        long collected = preferences.count();
        preferences.unpersist();
        return new StageReport(Map.of("preferences", collected));
    }

    /** The newest policy answers what the one before it answered. */
    private static void answer(StageContext context, Dataset<Row> before) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        Dataset<Row> asked = before.select(functions.col("prompt_id").as("asked"));
        Dataset<Row> prompts = context.ofRound(context.round() - 1)
                .read(TokeniseStage.PROMPTS)
                .join(asked, functions.expr("id = asked"), "left_semi");
        new Fanout(Encodings.of(context), context.progress())
                .sample(
                        prompts,
                        Policies.before(context),
                        sampling.weights(),
                        SampleStage.draw(
                                context.recipe().seed(),
                                context.round(),
                                sampling,
                                new SampleStage.Samples(0, ANSWERS),
                                List.of(sampling.temperature())),
                        context.inRun(NAME),
                        context.path(ANSWERED));
    }

    /** A prompt's responses → comparisons of the first with the second, of the third with the fourth, and so on. */
    private record Annotators(long seed, int week) implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> prompts) {
            World world = SmallWorld.of(seed);
            return Rows.flatMap(prompts, row -> {
                Dialogue prompt = Columns.dialogue(row, "prompt");
                List<Row> responses = row.getList(row.fieldIndex("responses"));
                List<Row> compared = new ArrayList<>();
                for (int i = 0; i + 1 < responses.size(); i += 2) {
                    String a = text(responses.get(i));
                    String b = text(responses.get(i + 1));
                    if (!a.equals(b) && !a.isBlank() && !b.isBlank()) {
                        compared.add(PreferenceTable.row(world.compare(prompt, a, b, week)));
                    }
                }
                return compared;
            });
        }

        private static String text(Row response) {
            return response.getAs("text");
        }
    }
}
