package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.hone.spark.run.StageReport;

/**
 * A stage in one of a round's passes. Each pass samples a part of the round's prompts, selects, and fine-tunes the policy that the
 * next one samples from: the best temperature changes while a policy is tuned, so that it is searched again (recipe section 7).
 *
 * <p>The last pass stands where a round's only one would, and its candidates and scores are those of the whole round; the others are
 * in {@code vN/pass-P}.
 *
 * @param stage the stage
 * @param number the pass's number, from 1
 * @param isLast whether the round has no more
 */
record Pass(Stage stage, int number, boolean isLast) implements Stage {
    /** The stages of all passes, in order; those of a round's only pass as they are. */
    static List<Stage> of(int passes, List<Stage> stages) {
        List<Stage> all = new ArrayList<>();
        for (int number = 1; number <= passes; number++) {
            for (Stage stage : stages) {
                all.add(passes == 1 ? stage : new Pass(stage, number, number == passes));
            }
        }
        return all;
    }

    /** The folder of a pass below its round's. */
    static String folder(int number) {
        return "pass-" + number;
    }

    @Override
    public String name() {
        return isLast ? stage.name() : folder(number) + "/" + stage.name();
    }

    @Override
    public List<String> checkpoints() {
        return stage.checkpoints();
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        return stage.run(context.ofPass(number));
    }
}
