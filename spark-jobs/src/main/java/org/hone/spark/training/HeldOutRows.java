package org.hone.spark.training;

import java.util.List;
import java.util.stream.IntStream;
import org.hone.model.distributed.Communicator;
import org.hone.model.training.GradientAccumulator;
import org.hone.model.training.MicroBatchSums;
import org.hone.spark.metrics.HeldOutMetrics;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.TokenRow;

/**
 * The loss on held-out rows. The rows are cut into microbatches, and these dealt to the gradient lanes, whatever the number
 * of ranks. A lane's sum is worked out by one rank, all others add zero to it, and the lanes are added up in their order:
 * so any number of ranks finds the same bits.
 */
final class HeldOutRows {
    private final TrainingJob job;
    private final Validation validation;
    private final Communicator communicator;
    private final Runnable interruption;

    HeldOutRows(TrainingJob job, Validation validation, Communicator communicator, Runnable interruption) {
        this.job = job;
        this.validation = validation;
        this.communicator = communicator;
        this.interruption = interruption;
    }

    HeldOutMetrics evaluate(long step, Trainee trainee) {
        int lanes = job.training().gradientLanes();
        double[] losses = new double[lanes];
        double[] correct = new double[lanes];
        long weight = 0;
        ShardReader reader = new ShardReader(
                validation.shards(),
                validation.manifest(),
                validation.manifest().kind().columns(),
                job.hadoop());
        for (int shard = 0; shard < validation.manifest().shards().size(); shard++) {
            List<TokenRow> rows = reader.read(shard);
            int batchSize = job.optimization().batchSize();
            for (int start = 0; start < rows.size(); start += batchSize) {
                GlobalBatch batch = GlobalBatch.of(
                        rows.subList(start, Math.min(rows.size(), start + batchSize)),
                        trainee,
                        job.optimization().microBatchTokens(),
                        lanes);
                evaluate(batch, trainee, losses, correct);
                weight += batch.weight();
            }
        }
        double[] sums = communicator.allReduceSum(IntStream.range(0, 2 * lanes)
                .mapToDouble(i -> i < lanes ? losses[i] : correct[i - lanes])
                .toArray());
        double loss = 0;
        double right = 0;
        for (int lane = 0; lane < lanes; lane++) {
            loss += sums[lane];
            right += sums[lanes + lane];
        }
        boolean ranks = job.objective() == TrainingJob.Objective.RANKING;
        return new HeldOutMetrics(step, loss / weight, ranks ? right / weight : null);
    }

    private void evaluate(GlobalBatch batch, Trainee trainee, double[] losses, double[] correct) {
        GradientAccumulator.Range own =
                GradientAccumulator.lanesOf(communicator.rank(), communicator.size(), losses.length);
        for (int m = 0; m < batch.microBatches().size(); m++) {
            int lane = m % losses.length;
            if (lane >= own.start() && lane < own.end()) {
                interruption.run();
                MicroBatchSums found = trainee.evaluate(batch.microBatches().get(m));
                losses[lane] += found.loss();
                correct[lane] += found.correct();
            }
        }
    }
}
