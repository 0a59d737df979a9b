package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.stage.Encodings;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.stage.Training;
import org.hone.spark.table.Table;
import org.hone.spark.table.TokenTables;
import org.hone.spark.training.InitialModel;

/** Pretrains the small base model on the world's documents (recipe section 3, at toy size). */
public final class PretrainStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "pretrain";
    /** The base model's Hugging Face folder. */
    public static final String BASE_MODEL = NAME + "/model";

    private static final Table SHARDS = new Table(NAME + "/shards", TokenTables.EXAMPLES);

    /** A small model learns from a rate that would break a large one. */
    private static final OptimizationRecipe OPTIMIZATION = new OptimizationRecipe(
            4e-3,
            OptimizationRecipe.Schedule.COSINE,
            0.1,
            0.05,
            20,
            1,
            32,
            4096,
            0.1,
            1,
            0.9,
            0.95,
            1e-5,
            LoraRecipe.NONE);

    private final WorldSize size;

    /**
     * The stage for a world.
     *
     * @param size how large the world is
     */
    public PretrainStage(WorldSize size) {
        this.size = size;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> checkpoints() {
        return List.of(Training.CHECKPOINTS);
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        String initial = InitialModel.write(
                context.spark(),
                context.path(NAME),
                size.model(context.recipe().maxLength()),
                size.vocabulary(),
                context.recipe().seed());
        ShardWriter.write(
                context.read(WorldStage.DOCUMENTS)
                        .mapPartitions(
                                new TokeniseDocuments(Encodings.of(context)), Encoders.row(TokenTables.EXAMPLES)),
                Encodings.target(context, SHARDS));
        return Training.run(context, NAME, Training.Goal.NEXT_TOKEN, initial, SHARDS, OPTIMIZATION);
    }
}
