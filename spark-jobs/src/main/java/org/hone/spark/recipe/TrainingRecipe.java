package org.hone.spark.recipe;

import java.time.Duration;
import org.hone.model.tensor.DataType;

/**
 * How training is spread over the cluster and what it costs; nothing but the precision changes what is learned.
 *
 * @param ranks data-parallel ranks, one a task slot; 0 takes every slot up to the gradient lanes
 * @param gradientLanes fixed partial sums of a global batch's gradient; any power-of-two number of ranks up
 *     to it gives the same bits
 * @param precision what matrices are multiplied in; weights, gradients and optimiser are in single precision
 * @param activationCheckpointing whether blocks are computed again on the way back instead of being remembered: about a
 *     third more work, for the memory of one block instead of all
 * @param checkpointEverySteps steps between two checkpoints
 * @param checkpointsToKeep newest checkpoints kept
 * @param timeoutSeconds how long a rank waits for its peers before it gives up with an error; rank 0 must write a checkpoint
 *     in that time, and the cluster replace a lost executor
 */
public record TrainingRecipe(
        int ranks,
        int gradientLanes,
        Precision precision,
        boolean activationCheckpointing,
        int checkpointEverySteps,
        int checkpointsToKeep,
        int timeoutSeconds)
        implements java.io.Serializable {
    /** What matrices are multiplied in. */
    public enum Precision {
        /** 32-bit floating point throughout. */
        FP32(DataType.FLOAT32),
        /** Mixed precision: products in bfloat16; weights, sums, norms and the softmax in 32 bits. */
        BF16(DataType.BFLOAT16);

        private final DataType dataType;

        Precision(DataType dataType) {
            this.dataType = dataType;
        }

        /**
         * The type of the tensors that are multiplied.
         *
         * @return the type
         */
        public DataType dataType() {
            return dataType;
        }
    }

    /**
     * How long a rank waits for its peers.
     *
     * @return the time
     */
    public Duration peerTimeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    static TrainingRecipe read(Section section) {
        int lanes = section.integer("gradient-lanes", 8, 1, 1024);
        if (Integer.bitCount(lanes) != 1) {
            section.refuse("gradient-lanes", "got " + lanes + ", expected a power of two such as 2, 4 or 8");
        }
        int ranks = section.integer("ranks", 0, 0, 65_536);
        if (ranks > lanes) {
            section.refuse(
                    "ranks",
                    "got " + ranks + ", more than the " + lanes
                            + " gradient-lanes, of which each rank needs one; raise gradient-lanes or lower ranks");
        }
        return new TrainingRecipe(
                ranks,
                lanes,
                section.choice("precision", Precision.class, Precision.FP32),
                section.flag("activation-checkpointing", false),
                section.integer("checkpoint-every-steps", 50, 1, 1_000_000),
                section.integer("checkpoints-to-keep", 2, 1, 1_000),
                section.integer("timeout-seconds", 120, 1, 86_400));
    }

    /** A lane that never has a row costs memory, and a rank that has only such lanes does nothing. */
    void checkBatch(Section root, String stage, int batchSize) {
        if (gradientLanes > batchSize) {
            root.refuse(
                    stage,
                    "got batch-size " + batchSize + ", fewer rows than the " + gradientLanes
                            + " of training.gradient-lanes; lower these to at most "
                            + Integer.highestOneBit(batchSize) + ", or use a larger batch");
        }
    }
}
