package org.hone.spark.stage;

import java.io.IOException;

/** Which policy is which in a run of rounds. */
public final class Policies {
    private static final int FIRST_ROUND = 1;

    private Policies() {}

    /** The policy that supervised fine-tuning made, once, in the first round. */
    static String ofSft(StageContext context) {
        return context.ofRound(FIRST_ROUND).path(SftStage.POLICY);
    }

    /**
     * The policy that a round begins with: the one that the round before chose.
     *
     * @param context the round
     * @return its Hugging Face folder, as a Hadoop path
     * @throws IOException if the round before is not done
     */
    public static String before(StageContext context) throws IOException {
        if (context.round() == FIRST_ROUND) {
            return ofSft(context);
        }
        StageContext last = context.ofRound(context.round() - 1);
        return context.folder()
                .path(context.folder()
                        .report(last.inRun(EvaluatePolicyStage.NAME))
                        .text(EvaluatePolicyStage.BEST_POLICY));
    }

    /** The policy that a pass samples from: the one that the pass before made, in a round's first the one before the round. */
    static String newest(StageContext context) throws IOException {
        return context.pass() > 1 ? context.ofPass(context.pass() - 1).path(FineTuneStage.POLICY) : before(context);
    }

    /** A policy's folder below the run's, for a report that does not depend on where the run is. */
    static String inRun(StageContext context, String policy) {
        return policy.substring(context.folder().path("").length());
    }
}
