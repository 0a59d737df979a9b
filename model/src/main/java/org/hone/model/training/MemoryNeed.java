package org.hone.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.jspecify.annotations.Nullable;

/**
 * What a rank of a training stage needs of its device's memory, worked out from the model's shape: what is really allocated,
 * and not what a formula of 16 bytes a parameter says. In main memory the Java process itself comes on top.
 *
 * @param parts what it is needed for
 */
public record MemoryNeed(List<Part> parts) {
    /**
     * What some of the memory is for.
     *
     * @param name of the part
     * @param bytes how much
     */
    public record Part(String name, long bytes) {}

    /**
     * What is trained, and how.
     *
     * @param config the model's shape
     * @param ranking whether it is a reward model
     * @param compute the type that matrices are multiplied in
     * @param recompute whether blocks are computed again on the way back
     * @param lanes L, gradient lanes
     * @param tokens of the largest microbatch
     * @param adapters what is trained in the place of all weights; none trains these
     */
    public record Setup(
            LlamaConfig config,
            boolean ranking,
            DataType compute,
            boolean recompute,
            int lanes,
            long tokens,
            LowRankAdapters.@Nullable Settings adapters) {
        /** {@return how many weights the model has} */
        public long weights() {
            return elements(ranking ? RewardModel.shapes(config, false) : Llama.shapes(config));
        }

        /** {@return how many of them, or of the adapters', have a gradient; a head beside adapters is not worth counting} */
        public long trained() {
            return adapters == null ? weights() : elements(LowRankAdapters.shapes(config, adapters));
        }
    }

    /**
     * Copies the parts.
     *
     * @param parts what it is needed for
     */
    public MemoryNeed {
        parts = List.copyOf(parts);
    }

    /**
     * Works out the need of a rank.
     *
     * @param setup what is trained, and how
     * @param ranks W
     * @return its parts, at the moment when the most is needed
     */
    public static MemoryNeed of(Setup setup, int ranks) {
        long trained = setup.trained() * Float.BYTES;
        long frozen = setup.adapters() == null ? 0 : setup.weights() * Float.BYTES;
        ActivationMemory activations = new ActivationMemory(setup);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("weights", frozen + trained));
        parts.add(new Part("gradients", trained));
        parts.add(new Part("gradient lanes", waitingLanes(setup.lanes(), ranks) * trained));
        boolean spread = Integer.bitCount(ranks) == 1;
        parts.add(new Part("AdamW moments", 2 * (spread ? trained / ranks : trained)));
        parts.add(new Part("remembered activations", activations.remembered()));
        parts.add(new Part("work on one block", activations.working()));
        if (ranks > 1) {
            parts.add(new Part("exchange with peers", Math.min(trained, Communicator.EXCHANGED_BYTES)));
        }
        return new MemoryNeed(parts);
    }

    /** Branches of the tree that wait at once: as many as a counter of the rank's lanes has digits, less the last. */
    private static int waitingLanes(int lanes, int ranks) {
        int own = Math.max(1, (lanes + ranks - 1) / ranks);
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(own);
    }

    /** {@return the sum of the parts} */
    public long bytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    static long elements(Map<String, long[]> shapes) {
        return shapes.values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
    }
}
