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
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;
import org.hone.spark.tokenise.Rows;

/**
 * The week's new preferences (recipe section 10): annotators of the small world compare responses that the newest policy gave in the
 * round before, two and two. A reward model that saw the crowd's answers alone would judge what it has never seen.
 */
final class CollectStage implements Stage {
    static final String NAME = "collect";

    private static final Table HELPFULNESS = new Table(NAME + "/helpfulness", PreferenceTable.SCHEMA);
    private static final Table SAFETY = new Table(NAME + "/safety", PreferenceTable.SCHEMA);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        StageContext last = context.ofRound(context.round() - 1);
        Dataset<Row> prompts = last.read(SampleStage.CANDIDATES)
                .groupBy("prompt_id")
                .agg(
                        functions.any_value(functions.col("prompt")).as("prompt"),
                        functions
                                .sort_array(functions.collect_list(functions.struct("sample", "text")))
                                .as("responses"));
        Dataset<Row> preferences = prompts.mapPartitions(
                        new Annotators(context.recipe().seed(), context.round()), Encoders.row(PreferenceTable.SCHEMA))
                .persist(StorageLevel.DISK_ONLY());
        WorldStage.byAxis(context, preferences, HELPFULNESS, SAFETY);
        long collected = preferences.count();
        preferences.unpersist();
        return new StageReport(Map.of("preferences", collected));
    }

    /** A prompt's responses → comparisons of the first with the second, of the third with the fourth, and so on. */
    private record Annotators(long seed, int week) implements MapPartitionsFunction<Row, Row> {
        private static final int COMPARISONS = 4;

        @Override
        public Iterator<Row> call(Iterator<Row> prompts) {
            World world = SmallWorld.of(seed);
            return Rows.flatMap(prompts, row -> {
                Dialogue prompt = Columns.dialogue(row, "prompt");
                List<Row> responses = row.getList(row.fieldIndex("responses"));
                List<Row> compared = new ArrayList<>();
                for (int i = 0; i + 1 < responses.size() && i < 2 * COMPARISONS; i += 2) {
                    String a = responses.get(i).getString(1);
                    String b = responses.get(i + 1).getString(1);
                    if (!a.equals(b) && !a.isBlank() && !b.isBlank()) {
                        compared.add(PreferenceTable.row(world.compare(prompt, a, b, week)));
                    }
                }
                return compared;
            });
        }
    }
}
