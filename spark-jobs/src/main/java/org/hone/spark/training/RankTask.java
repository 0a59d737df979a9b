package org.hone.spark.training;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.hone.model.distributed.Communicator;
import org.hone.model.distributed.Rendezvous;
import org.hone.model.tensor.Device;
import org.hone.spark.executor.Executors;
import org.hone.spark.executor.MachineMemory;
import org.hone.spark.session.HungTasks;
import org.hone.spark.session.ProgressAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a barrier task does: meets the other ranks, then trains with them.
 *
 * @param job the training job
 * @param progress where rank 0 shows how far the run is
 */
record RankTask(TrainingJob job, ProgressAccumulator progress)
        implements FlatMapFunction<Iterator<Integer>, String>, Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(RankTask.class);

    /** Tells processes apart. */
    private static final String PROCESS = UUID.randomUUID().toString();

    @Override
    public Iterator<String> call(Iterator<Integer> ranks) {
        BarrierTaskContext task = BarrierTaskContext.get();
        HungTasks.watch(task);
        try {
            return List.of(new RankEnding(task.partitionId(), trained(task), null).json())
                    .iterator();
        } catch (FullStorageException e) {
            return List.of(new RankEnding(task.partitionId(), null, e.getMessage()).json())
                    .iterator();
        } catch (IOException e) {
            throw new UncheckedIOException(job.name() + ": rank " + task.partitionId() + ": " + e.getMessage(), e);
        }
    }

    private RankResult trained(BarrierTaskContext task) throws IOException {
        Device device = Executors.device();
        int world = task.numPartitions();
        if (device.kind() == Device.Kind.CPU) {
            RankMemory.check(job.name(), RankMemory.of(job, world), ranksHere(task), MachineMemory.bytes());
        }
        if (world == 1) {
            return train(task, device, Communicator.single());
        }
        Duration timeout = job.training().peerTimeout();
        boolean together = Arrays.stream(task.allGather(PROCESS)).distinct().count() == 1;
        if (together && device.kind() == Device.Kind.CPU) {
            try (Communicator communicator =
                    Communicator.sharedMemory(group(task), task.partitionId(), world, timeout)) {
                return train(task, device, communicator);
            }
        }
        String host = host(task, task.partitionId());
        Rendezvous rendezvous = task.partitionId() == 0 ? Rendezvous.host(host, timeout) : null;
        try {
            String address = task.allGather(rendezvous == null ? "" : rendezvous.address())[0];
            try (Communicator communicator = join(task, device, address, host, timeout)) {
                return train(task, device, communicator);
            }
        } finally {
            if (rendezvous != null) {
                rendezvous.close();
            }
        }
    }

    private RankResult train(BarrierTaskContext task, Device device, Communicator communicator) throws IOException {
        Checkpoints checkpoints = new Checkpoints(job);
        long firstStep = firstStep(task, checkpoints, new Ranks(communicator));
        return new RankLoop(job, device, communicator, checkpoints, progress, task::killTaskIfInterrupted)
                .run(firstStep);
    }

    /** Of the checkpoints that rank 0 sees, even if another is committed meanwhile: the newest that all ranks find whole. */
    private long firstStep(BarrierTaskContext task, Checkpoints checkpoints, Ranks ranks) throws IOException {
        String seen = checkpoints.committed().stream()
                .sorted(Comparator.reverseOrder())
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
        for (String next : task.allGather(seen)[0].split(" ", 0)) {
            long step = next.isEmpty() ? 0 : Long.parseLong(next);
            if (step == 0) {
                break;
            }
            String damage = Arrays.stream(task.allGather(checkpoints.damage(step)))
                    .filter(text -> !text.isEmpty())
                    .distinct()
                    .collect(Collectors.joining("; "));
            if (damage.isEmpty()) {
                return step;
            }
            LOG.warn("{}: the checkpoint of step {} is damaged and passed over: {}", job.name(), step, damage);
            ranks.all(() -> {
                if (task.partitionId() == 0) {
                    checkpoints.setAside(step, damage);
                }
            });
        }
        return 0;
    }

    /** A new group for each stage attempt. */
    private static String group(BarrierTaskContext task) {
        return SparkEnv.get().conf().getAppId() + "-stage-" + task.stageId() + "-attempt-" + task.stageAttemptNumber();
    }

    /** Gloo for ranks on CPUs, NCCL for ranks to which Spark gave a GPU. */
    private static Communicator join(
            BarrierTaskContext task, Device device, String address, String host, Duration timeout) {
        int rank = task.partitionId();
        int world = task.numPartitions();
        return switch (device.kind()) {
            case CPU -> Communicator.gloo(address, group(task), rank, world, host, timeout);
            case CUDA -> Communicator.nccl(address, group(task), rank, world, device.index(), timeout);
        };
    }

    private static int ranksHere(BarrierTaskContext task) {
        String host = host(task, task.partitionId());
        return Math.toIntExact(IntStream.range(0, task.numPartitions())
                .filter(rank -> host(task, rank).equals(host))
                .count());
    }

    /** The name by which Spark itself reaches this executor. */
    private static String host(BarrierTaskContext task, int rank) {
        String address = task.getTaskInfos()[rank].address();
        return address.substring(0, address.lastIndexOf(':'));
    }
}
