package org.hone.spark.training;

import java.io.IOException;
import java.util.List;
import org.hone.model.distributed.Communicator;
import org.hone.model.tensor.Device;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.GradientAccumulator;
import org.hone.model.training.GradientClipping;
import org.hone.model.training.LearningRateSchedule;
import org.hone.model.training.MicroBatchSums;
import org.hone.spark.metrics.HeldOutMetrics;
import org.hone.spark.metrics.StepClock;
import org.hone.spark.metrics.StepMetrics;
import org.hone.spark.run.RewardScale;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.shard.GlobalOrder;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.TokenRow;
import org.jspecify.annotations.Nullable;

/**
 * The training loop of one rank. Every rank holds the whole model; of each global batch it computes the
 * lanes that are its own, the lanes' gradients are summed over all ranks by one fixed tree, and every rank
 * takes the same AdamW step.
 */
final class RankLoop {
    private final TrainingJob job;
    private final Device device;
    private final Communicator communicator;
    private final Ranks ranks;
    private final Checkpoints checkpoints;
    private final ProgressAccumulator progress;
    private final Runnable interruption;

    private StepClock clock = new StepClock();
    private long tokensSeen;

    RankLoop(
            TrainingJob job,
            Device device,
            Communicator communicator,
            Checkpoints checkpoints,
            ProgressAccumulator progress,
            Runnable interruption) {
        this.job = job;
        this.device = device;
        this.communicator = communicator;
        this.ranks = new Ranks(communicator);
        this.checkpoints = checkpoints;
        this.progress = progress;
        this.interruption = interruption;
    }

    RankResult run(long firstStep) throws IOException {
        long started = System.nanoTime();
        GlobalOrder order =
                new GlobalOrder(job.manifest(), job.seed(), job.optimization().batchSize());
        ShardWindow window = new ShardWindow(new ShardReader(
                job.shards(), job.manifest(), job.manifest().kind().columns(), job.hadoop()));
        LearningRateSchedule schedule = Schedules.of(job.optimization(), job.totalSteps());
        try (StepLog log = ranks.made(() -> StepLog.open(job, communicator.rank(), firstStep, progress));
                Trainee trainee = Trainees.load(job, device);
                FlatParameters flat = new FlatParameters(trainee.parameters());
                GradientAccumulator gradients =
                        new GradientAccumulator(flat.gradients(), job.training().gradientLanes(), communicator);
                AdamW optimizer = new AdamW(flat, Schedules.settings(job.optimization()), gradients.spread());
                BatchesAhead batches = new BatchesAhead(
                        step -> batch(window, order.batch(step), trainee), firstStep, job.totalSteps())) {
            LossCurve curve = firstStep == 0
                    ? new LossCurve(List.of())
                    : checkpoints.restore(firstStep, flat, optimizer).curve();
            Validator validator = new Validator(job, ranks, interruption);
            clock = new StepClock();
            for (long step = firstStep; step < job.totalSteps(); step++) {
                interruption.run();
                clock.enter(StepClock.Phase.DATA);
                GlobalBatch batch = batches.next();
                clock.enter(StepClock.Phase.COMPUTE);
                double[] sums = accumulate(batch, trainee, gradients);
                double norm = GradientClipping.byGlobalNorm(
                        gradients.spread(), flat.gradients(), job.optimization().gradientClip());
                optimizer.step(schedule.at(step));
                LossCurve.Point point = new LossCurve.Point(
                        step + 1, sums[0] / batch.weight(), sums[1] / batch.weight(), norm, schedule.at(step));
                curve.add(point, job.totalSteps());
                clock.enter(StepClock.Phase.EVALUATION);
                HeldOutMetrics heldOut = validator.after(step + 1, trainee, flat);
                log.add(metrics(point, step / order.stepsPerEpoch() + 1, batch.tokens(), heldOut));
                checkpointIfDue(step + 1, flat, optimizer, curve, log);
            }
            HeldOutMetrics heldOut = validator.choose(trainee, flat);
            RewardScale rewards =
                    job.ranking().normalise() ? RewardSample.scale(job, trainee, window, communicator) : null;
            ranks.all(() -> {
                if (communicator.rank() == 0) {
                    ModelOutput.write(job, trainee, curve, rewards);
                }
            });
            return finish(flat, curve, heldOut, firstStep, (System.nanoTime() - started) / 1e9);
        }
    }

    private GlobalBatch batch(ShardWindow window, List<GlobalOrder.Place> places, Trainee trainee) {
        return GlobalBatch.of(
                window.rows(places),
                trainee,
                job.optimization().microBatchTokens(),
                job.training().gradientLanes());
    }

    /** Sums the gradients of this rank's lanes, then of all ranks; this rank's part of the bucket then holds the mean. */
    private double[] accumulate(GlobalBatch batch, Trainee trainee, GradientAccumulator gradients) {
        int count = batch.microBatches().size();
        gradients.begin();
        GradientAccumulator.Range lanes = gradients.lanes();
        for (int lane = lanes.start(); lane < lanes.end(); lane++) {
            double[] sums = new double[2];
            GradientAccumulator.Range range = gradients.microBatches(lane, count);
            for (List<TokenRow> microBatch : batch.microBatches().subList(range.start(), range.end())) {
                MicroBatchSums found = trainee.backward(microBatch, batch.counts());
                sums[0] += found.loss();
                sums[1] += found.correct();
            }
            gradients.endLane(sums);
        }
        clock.enter(StepClock.Phase.COMMUNICATION);
        double[] all = gradients.finish();
        clock.enter(StepClock.Phase.COMPUTE);
        return all;
    }

    private void checkpointIfDue(long step, FlatParameters flat, AdamW optimizer, LossCurve curve, StepLog log)
            throws IOException {
        if (step % job.training().checkpointEverySteps() != 0 && step != job.totalSteps()) {
            return;
        }
        clock.enter(StepClock.Phase.CHECKPOINT);
        // before the checkpoint: a run that goes on from it finds all steps up to it
        ranks.all(log::commit);
        ranks.all(() -> checkpoints.save(step, flat, optimizer, curve, communicator.rank() == 0));
    }

    private RankResult finish(
            FlatParameters flat, LossCurve curve, @Nullable HeldOutMetrics heldOut, long firstStep, double seconds) {
        List<LossCurve.Point> points = curve.points();
        int tail = Math.max(1, points.size() / 10);
        double lastLoss = points.subList(points.size() - tail, points.size()).stream()
                .mapToDouble(LossCurve.Point::loss)
                .average()
                .orElse(Double.NaN);
        return new RankResult(
                communicator.rank(),
                communicator.size(),
                ModelOutput.fingerprint(flat),
                job.totalSteps(),
                firstStep,
                points.get(0).loss(),
                lastLoss,
                seconds,
                tokensSeen / seconds,
                clock.total().computeShare(),
                heldOut);
    }

    private StepMetrics metrics(LossCurve.Point point, long epoch, long tokens, @Nullable HeldOutMetrics heldOut) {
        tokensSeen += tokens;
        StepClock.Lap lap = clock.lap();
        return new StepMetrics(
                point.step(),
                epoch,
                point.loss(),
                job.objective() == TrainingJob.Objective.RANKING ? point.correct() : null,
                point.gradientNorm(),
                point.learningRate(),
                tokens,
                lap.seconds(),
                lap.computeShare(),
                heldOut);
    }
}
