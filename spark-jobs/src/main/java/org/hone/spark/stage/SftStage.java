package org.hone.spark.stage;

import java.io.IOException;
import java.util.List;
import org.hone.spark.run.StageReport;

/** Supervised fine-tuning of the base model on the demonstrations (recipe section 4). */
public final class SftStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "sft";
    /** The fine-tuned policy's Hugging Face folder. */
    public static final String POLICY = NAME + "/model";

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
        return Training.run(
                context,
                NAME,
                Training.Goal.NEXT_TOKEN,
                context.recipe().baseModel(),
                TokeniseStage.EXAMPLES,
                context.recipe().sft());
    }
}
