package org.hone.model.training;

import org.hone.model.distributed.Communicator;
import org.hone.model.distributed.Part;
import org.hone.model.tensor.Tensor;

/**
 * How flat tensors are spread over the ranks of a data-parallel run: each rank works on a part, whole blocks of it, and
 * the parts together are the whole (ZeRO stage 1, arXiv 1910.02054 section 5). Blocks depend on the tensor's length alone.
 *
 * <p>Where the number of ranks is not a power of two, every rank has the whole.
 */
public final class Spread {
    /** The fewest elements of a block: 256 KiB, what a core reads in one go. */
    private static final long SMALLEST_BLOCK = 1L << 16;
    /** The most blocks; their sums travel between the ranks at every step. */
    private static final long MOST_BLOCKS = 1L << 12;

    private final Communicator communicator;
    private final long elements;
    private final long block;
    private final Part part;

    /**
     * Spreads tensors of a length.
     *
     * @param elements of the flat tensors
     * @param communicator the ranks
     */
    public Spread(long elements, Communicator communicator) {
        this.communicator = communicator;
        this.elements = elements;
        long needed = (elements + MOST_BLOCKS - 1) / MOST_BLOCKS;
        this.block = Math.max(1, (needed + SMALLEST_BLOCK - 1) / SMALLEST_BLOCK) * SMALLEST_BLOCK;
        this.part = communicator.hasTree()
                ? Part.of(communicator.rank(), communicator.size(), elements, block)
                : new Part(0, elements);
    }

    /**
     * This rank's part.
     *
     * @return the part
     */
    public Part part() {
        return part;
    }

    /**
     * The part of a flat tensor that is this rank's.
     *
     * @param flat [elements]
     * @return a view
     */
    public Tensor own(Tensor flat) {
        return flat.narrow(0, part.start(), part.length());
    }

    /** Elements of a block. */
    long block() {
        return block;
    }

    /** How many blocks there are over all ranks. */
    int blocks() {
        return Math.toIntExact((elements + block - 1) / block);
    }

    /** Sums each number over the ranks, of which one alone has it where the tensors are spread. */
    double[] sumOverRanks(double[] numbers) {
        return communicator.hasTree() ? communicator.allReduceSum(numbers) : numbers;
    }

    /** Sums a flat tensor over the ranks; the rank's own part of it then is the sum. */
    void reduce(Tensor flat) {
        if (communicator.hasTree()) {
            communicator.treeReduceScatterSum(flat, block);
        } else {
            communicator.allReduceSum(flat);
        }
    }

    /**
     * Gives every rank the parts of all.
     *
     * @param flat [elements], with the rank's own part in its place
     */
    public void gather(Tensor flat) {
        if (communicator.hasTree()) {
            communicator.allGather(flat, block);
        }
    }
}
