package org.hone.spark.training;

import java.io.IOException;
import org.hone.model.training.FlatParameters;
import org.hone.spark.metrics.HeldOutMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches a run on held-out rows, if the recipe names some, and keeps the best weights, if it wants them. */
final class Validator {
    private static final Logger LOG = LoggerFactory.getLogger(Validator.class);

    private final TrainingJob job;
    private final @Nullable Validation validation;
    private final Ranks ranks;
    private final Runnable interruption;
    private @Nullable HeldOutMetrics last;

    Validator(TrainingJob job, Ranks ranks, Runnable interruption) {
        this.job = job;
        this.validation = job.validation();
        this.ranks = ranks;
        this.interruption = interruption;
    }

    /** Evaluates the model after a step, if it is time to. */
    @Nullable HeldOutMetrics after(long step, Trainee trainee, FlatParameters flat) throws IOException {
        if (validation == null || (step % validation.everySteps() != 0 && step != job.totalSteps())) {
            return null;
        }
        HeldOutMetrics found = evaluate(validation, step, trainee);
        if (validation.keepBest()) {
            ranks.all(() -> {
                if (ranks.communicator().rank() == 0) {
                    new BestWeights(job).offer(found, flat);
                }
            });
        }
        last = found;
        return found;
    }

    private HeldOutMetrics evaluate(Validation rows, long step, Trainee trainee) {
        return new HeldOutRows(job, rows, ranks.communicator(), interruption).evaluate(step, trainee);
    }

    /** The weights that become the model, in place of the last ones if these are not the best. */
    @Nullable HeldOutMetrics choose(Trainee trainee, FlatParameters flat) throws IOException {
        if (validation == null) {
            return null;
        }
        if (validation.keepBest()) {
            HeldOutMetrics best = new BestWeights(job).restore(flat);
            if (best != null) {
                return best;
            }
            LOG.warn("{}: the best weights were deleted; the last ones become the model", job.name());
        }
        // a run that was killed between its last checkpoint and its end
        return last == null ? evaluate(validation, job.totalSteps(), trainee) : last;
    }
}
