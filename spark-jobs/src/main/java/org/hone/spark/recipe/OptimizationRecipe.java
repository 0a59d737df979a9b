package org.hone.spark.recipe;

/**
 * AdamW and its schedule (recipe sections 3, 4 and 6).
 *
 * @param learningRate peak rate
 * @param schedule what follows the warm-up
 * @param finalFraction rate at the end of the cosine over the peak
 * @param warmupFraction share of the steps that the rate rises over
 * @param warmupSteps the least number of warm-up steps
 * @param epochs passes over the data
 * @param batchSize rows (pairs, for a reward model) in a global batch
 * @param microBatchTokens tokens in one forward and backward pass; changes memory and speed, not what is learned
 * @param weightDecay decay of matrices; vectors are not decayed
 * @param gradientClip largest global gradient norm
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon ε of AdamW
 * @param lora adapters that are trained instead of the model's own weights, if any
 */
public record OptimizationRecipe(
        double learningRate,
        Schedule schedule,
        double finalFraction,
        double warmupFraction,
        int warmupSteps,
        int epochs,
        int batchSize,
        int microBatchTokens,
        double weightDecay,
        double gradientClip,
        double beta1,
        double beta2,
        double epsilon,
        LoraRecipe lora)
        implements java.io.Serializable {
    /** What the learning rate does after the warm-up. */
    public enum Schedule {
        /** Half a cosine from the peak to the final fraction of it. */
        COSINE,
        /** The peak, unchanged. */
        CONSTANT
    }

    /** The figures in which the stages' defaults differ. */
    record Defaults(double learningRate, int epochs, int batchSize, double warmupFraction, int warmupSteps) {
        /** Recipe section 3, for 7B and 13B: 2,000 steps of warm-up, batches of 1,024 rows of 4,096 tokens. */
        static final Defaults PRETRAINING = new Defaults(3e-4, 1, 1024, 0, 2_000);
        /** Recipe section 4. */
        static final Defaults SFT = new Defaults(2e-5, 2, 64, 0.03, 0);
        /** Recipe section 6. */
        static final Defaults REWARD_MODEL = new Defaults(1e-5, 1, 512, 0.03, 5);
    }

    static OptimizationRecipe read(Section section, Defaults defaults) {
        int batch = section.integer("batch-size", defaults.batchSize(), 1, 1 << 24);
        return new OptimizationRecipe(
                section.number("learning-rate", defaults.learningRate(), 1e-9, 1),
                section.choice("schedule", Schedule.class, Schedule.COSINE),
                section.number("final-fraction", 0.1, 0, 1),
                section.number("warmup-fraction", defaults.warmupFraction(), 0, 1),
                section.integer("warmup-steps", defaults.warmupSteps(), 0, 1_000_000),
                section.integer("epochs", defaults.epochs(), 1, 1_000),
                batch,
                section.integer("micro-batch-tokens", 4096, 1, 1 << 24),
                section.number("weight-decay", 0.1, 0, 1),
                section.number("gradient-clip", 1, 1e-6, 1e6),
                section.number("beta1", 0.9, 0, 0.999_999),
                section.number("beta2", 0.95, 0, 0.999_999),
                section.number("epsilon", 1e-5, 1e-12, 1),
                LoraRecipe.read(section.section("lora")));
    }
}
