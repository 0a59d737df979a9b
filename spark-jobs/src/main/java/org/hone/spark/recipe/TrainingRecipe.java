package org.hone.spark.recipe;

/**
 * How training is spread over the cluster; none of it changes what is learned.
 *
 * @param ranks data-parallel ranks, one a task slot; 0 takes every slot up to the gradient lanes
 * @param gradientLanes fixed partial sums of a global batch's gradient; any power-of-two number of ranks up
 *     to it gives the same bits
 * @param checkpointEverySteps steps between two checkpoints
 * @param checkpointsToKeep newest checkpoints kept
 * @param timeoutSeconds how long a rank waits for its peers before it gives up with an error
 */
public record TrainingRecipe(
        int ranks, int gradientLanes, int checkpointEverySteps, int checkpointsToKeep, int timeoutSeconds)
        implements java.io.Serializable {
    static TrainingRecipe read(Section section) {
        int lanes = section.integer("gradient-lanes", 8, 1, 1024);
        if (Integer.bitCount(lanes) != 1) {
            section.refuse("gradient-lanes", "got " + lanes + ", expected a power of two such as 2, 4 or 8");
        }
        return new TrainingRecipe(
                section.integer("ranks", 0, 0, 65_536),
                lanes,
                section.integer("checkpoint-every-steps", 50, 1, 1_000_000),
                section.integer("checkpoints-to-keep", 2, 1, 1_000),
                section.integer("timeout-seconds", 120, 1, 86_400));
    }
}
