package org.hone.spark.training;

import java.util.List;
import org.hone.model.distributed.Communicator;
import org.hone.model.random.Seeds;
import org.hone.spark.run.RewardScale;
import org.hone.spark.shard.GlobalOrder;
import org.hone.spark.shard.TokenRow;

/**
 * Where a trained reward model's rewards lie, from a fixed sample of the pairs that it was trained on. The seed alone says
 * which pairs, and every microbatch is computed by one rank, so any number of ranks gives the same bits.
 */
final class RewardSample {
    /** With twice as many rewards, the mean is known to some two hundredths of their deviation. */
    private static final int PAIRS = 1_024;

    private RewardSample() {}

    static RewardScale scale(TrainingJob job, Trainee trainee, ShardWindow window, Communicator communicator) {
        long seed = Seeds.mix(job.seed(), Seeds.hash("reward scale"));
        List<TokenRow> rows = window.rows(new GlobalOrder(job.manifest(), seed, PAIRS).batch(0));
        GlobalBatch batch = GlobalBatch.of(
                rows,
                trainee,
                job.optimization().microBatchTokens(),
                job.training().gradientLanes());
        double[] rewards = new double[2 * rows.size()];
        int start = 0;
        for (int m = 0; m < batch.microBatches().size(); m++) {
            List<TokenRow> microBatch = batch.microBatches().get(m);
            if (m % communicator.size() == communicator.rank()) {
                float[] found = trainee.rewards(microBatch);
                for (int i = 0; i < found.length; i++) {
                    rewards[start + i] = found[i];
                }
            }
            start += 2 * microBatch.size();
        }
        // the others have zeros there, so that the sum is exact in any order
        return RewardScale.of(communicator.allReduceSum(rewards));
    }
}
