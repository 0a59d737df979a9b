package org.hone.model.training;

/**
 * The learning rate of each optimiser step.
 *
 * <p>Steps are counted from 0. During warm-up the rate is peak · (step + 1) / warmupSteps, so the first step
 * already learns; the schedulers of transformers give rate 0 to their first step and are one step behind:
 * {@code at(s)} here is their value at s + 1.
 */
public sealed interface LearningRateSchedule {
    /**
     * The learning rate of a step.
     *
     * @param step from 0
     * @return the rate
     */
    double at(long step);

    /**
     * Linear warm-up, then half a cosine down to a fraction of the peak (recipe sections 3, 4 and 6).
     *
     * <p>With u = min(1, (step + 1 - warmupSteps) / (totalSteps - warmupSteps)) after warm-up, the rate is
     * peak · (f + (1 - f) · (1 + cos πu) / 2), f being the final fraction.
     *
     * @param peak the highest rate
     * @param warmupSteps steps until the peak is reached, 0 for none
     * @param totalSteps steps of the whole run; later steps keep the final rate
     * @param finalFraction what is left of the peak at the end, 0 to 1; Llama 2 uses 0.1
     */
    record WarmupCosine(double peak, long warmupSteps, long totalSteps, double finalFraction)
            implements LearningRateSchedule {
        /**
         * Checks the ranges.
         *
         * @param peak at least 0
         * @param warmupSteps at least 0
         * @param totalSteps at least the warm-up steps
         * @param finalFraction from 0 to 1
         */
        public WarmupCosine {
            checkRate(peak, warmupSteps);
            if (totalSteps < warmupSteps) {
                throw new IllegalArgumentException("total steps: " + totalSteps + " are fewer than the " + warmupSteps
                        + " warm-up steps; shorten the warm-up");
            }
            if (!(finalFraction >= 0 && finalFraction <= 1)) {
                throw new IllegalArgumentException("final fraction: " + finalFraction + " must be between 0 and 1");
            }
        }

        @Override
        public double at(long step) {
            checkStep(step);
            if (step < warmupSteps) {
                return peak * (step + 1) / warmupSteps;
            }
            double progress = Math.min(1.0, (step + 1.0 - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
            double cosine = 0.5 * (1.0 + StrictMath.cos(Math.PI * progress));
            return peak * (finalFraction + (1.0 - finalFraction) * cosine);
        }
    }

    /**
     * Linear warm-up, then the same rate for ever (recipe section 8).
     *
     * @param rate the rate after warm-up
     * @param warmupSteps steps until the rate is reached, 0 for none
     */
    record Constant(double rate, long warmupSteps) implements LearningRateSchedule {
        /**
         * Checks the ranges.
         *
         * @param rate at least 0
         * @param warmupSteps at least 0
         */
        public Constant {
            checkRate(rate, warmupSteps);
        }

        @Override
        public double at(long step) {
            checkStep(step);
            return step < warmupSteps ? rate * (step + 1) / warmupSteps : rate;
        }
    }

    private static void checkRate(double rate, long warmupSteps) {
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate: " + rate + " must be finite and at least 0");
        }
        if (warmupSteps < 0) {
            throw new IllegalArgumentException("warm-up steps: " + warmupSteps + " must be at least 0");
        }
    }

    private static void checkStep(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("step: " + step + " must be at least 0");
        }
    }
}
