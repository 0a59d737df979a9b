package org.hone.spark.run;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where a reward model's rewards lie and how far apart. Only differences of rewards are trained, so rewards of two models, or
 * of two rounds, can be compared only after each is taken in its own deviations from its own mean.
 *
 * @param mean of the rewards, in logits
 * @param deviation standard deviation of the rewards, in logits; 1 where all are equal
 */
public record RewardScale(double mean, double deviation) implements Serializable {
    /**
     * Checks the scale.
     *
     * @param mean a number
     * @param deviation above 0
     */
    public RewardScale {
        if (!Double.isFinite(mean) || !Double.isFinite(deviation) || deviation <= 0) {
            throw new IllegalArgumentException("a reward scale of mean " + mean + " and deviation " + deviation
                    + "; expected numbers, and a deviation above 0");
        }
    }

    /**
     * The scale of some rewards.
     *
     * @param rewards at least one, in a fixed order, which decides the last bit
     * @return their mean and their deviation as a population
     */
    public static RewardScale of(double[] rewards) {
        double mean = Arrays.stream(rewards).sum() / rewards.length;
        double square = 0;
        for (double reward : rewards) {
            square += (reward - mean) * (reward - mean);
        }
        double deviation = Math.sqrt(square / rewards.length);
        return new RewardScale(mean, deviation == 0 ? 1 : deviation);
    }

    /**
     * A reward in deviations from the mean.
     *
     * @param reward in logits
     * @return the normalised reward
     */
    public double normalised(double reward) {
        return (reward - mean) / deviation;
    }
}
