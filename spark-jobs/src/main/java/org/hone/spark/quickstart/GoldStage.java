package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.world.GoldReward;
import org.hone.spark.pool.Pool;
import org.hone.spark.run.StageReport;
import org.hone.spark.session.Together;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.PairedComparison;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Table;
import org.hone.spark.tokenise.Rows;

/**
 * Asks the world itself, whose gold reward nothing was trained on, whether the round made the policy better: before and after, and
 * since the first round's start, on held-out prompts; and the selected responses against all candidates.
 */
public final class GoldStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "gold";

    private static final StructType JUDGED = new StructType()
            .add("prompt_id", DataTypes.StringType, false)
            .add("sample", DataTypes.IntegerType, false)
            .add("prompt", DataTypes.StringType, false)
            .add("text", DataTypes.StringType, false)
            .add("reward", DataTypes.DoubleType, false)
            .add("gold", DataTypes.DoubleType, false);

    /** Responses of the policy before the round with both rewards. */
    public static final Table BEFORE = new Table(NAME + "/before", JUDGED);
    /** Responses of the policy after the round with both rewards. */
    public static final Table AFTER = new Table(NAME + "/after", JUDGED);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Together.run(
                () -> judge(context.read(EvaluatePolicyStage.BEFORE)).write().parquet(context.path(BEFORE)),
                () -> judge(context.read(EvaluatePolicyStage.AFTER)).write().parquet(context.path(AFTER)));
        Map<String, Object> figures = new LinkedHashMap<>();
        Together.<Map<String, Object>>of(List.of(() -> gains(context), () -> candidates(context)))
                .forEach(figures::putAll);
        return new StageReport(figures);
    }

    /** The policy after the round against that before it, and against that of supervised fine-tuning. */
    private static Map<String, Object> gains(StageContext context) {
        Map<String, Object> figures = new LinkedHashMap<>();
        PairedComparison gold = PairedComparison.of(context.read(BEFORE), context.read(AFTER), "gold");
        PairedComparison sinceSft = PairedComparison.of(context.ofRound(1).read(BEFORE), context.read(AFTER), "gold");
        figures.put("prompts", gold.prompts());
        figures.put("gold_before", gold.before());
        figures.put("gold_after", gold.after());
        figures.put("gold_gain", gold.gain());
        figures.put("gold_gain_95_half_width", gold.halfWidth());
        figures.put("gold_gain_since_sft", sinceSft.gain());
        figures.put("gold_gain_since_sft_95_half_width", sinceSft.halfWidth());
        return figures;
    }

    /** What the round sampled, and what was selected. */
    private static Map<String, Object> candidates(StageContext context) {
        Row sampled = judge(Pool.scored(context.read(SampleStage.CANDIDATES), context.read(ScoreStage.SCORES)))
                .agg(functions.avg("gold"), functions.corr("reward", "gold"))
                .first();
        Row selected = judge(context.read(SelectStage.SELECTED))
                .agg(functions.avg("gold"))
                .first();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("gold_of_all_candidates", sampled.getDouble(0));
        figures.put("gold_of_selected", selected.getDouble(0));
        figures.put("correlation_of_reward_and_gold", sampled.getDouble(1));
        return figures;
    }

    private static Dataset<Row> judge(Dataset<Row> scored) {
        return scored.mapPartitions(new Judge(), Encoders.row(JUDGED));
    }

    /** Scored responses → the same with their gold reward. */
    private record Judge() implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> scored) {
            GoldReward gold = new GoldReward();
            return Rows.map(scored, row -> {
                Dialogue prompt = Columns.dialogue(row, "prompt");
                String text = row.getAs("text");
                return RowFactory.create(
                        row.getAs("prompt_id"),
                        row.getAs("sample"),
                        prompt.firstUserTurn(),
                        text,
                        row.getAs("reward"),
                        gold.reward(prompt, text));
            });
        }
    }
}
