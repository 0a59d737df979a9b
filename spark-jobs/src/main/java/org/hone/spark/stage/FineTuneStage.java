package org.hone.spark.stage;

import java.io.IOException;
import java.util.List;
import org.hone.spark.run.StageReport;

/** Fine-tuning on the selected responses (recipe sections 4 and 7): the round's policy. */
public final class FineTuneStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "fine-tune";
    /** The round's policy, as a Hugging Face folder. */
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
                Training.startFrom(context, context.recipe().fineTune().startFrom()),
                SelectStage.EXAMPLES,
                context.recipe().fineTune().optimization());
    }
}
