package org.hone.model.training;

import java.util.ArrayDeque;
import java.util.Deque;
import org.hone.model.distributed.Communicator;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;

/**
 * Sums the gradients of a global batch so that the number of ranks does not change a single bit.
 *
 * <p>Floating-point addition is not associative, so the order of the additions must not depend on the ranks.
 * A batch is cut into microbatches m = 0 … M-1, and these into L lanes: lane l holds the microbatches with
 * ⌊m·L/M⌋ = l and adds them up one after the other. The lanes are added up by a binary tree,
 * ((l_0 + l_1) + (l_2 + l_3)) + …. Rank r of W owns the lanes r·L/W … (r+1)·L/W - 1, that is one whole branch
 * of the tree, and the levels above are added up by {@link Communicator#treeReduceScatterSum}. The same tree
 * results for W = 1, 2, 4, … L. It takes log2(L/W) buffers beside the gradients.
 *
 * <p>Where W is not a power of two, the backend's own all-reduce adds up the ranks, and the
 * sums agree with those of other W to floating-point tolerance only.
 *
 * <p>Use: {@code begin()}; for each lane of {@code lanes()} in order, a backward pass for each microbatch of
 * {@code microBatches(lane, M)}, then {@code endLane(sums)}; at last {@code finish()}.
 */
public final class GradientAccumulator implements AutoCloseable {
    private final Tensor gradients;
    private final int laneCount;
    private final Communicator communicator;
    private final Spread spread;
    private final Deque<Branch> waiting = new ArrayDeque<>();
    private final Deque<Tensor> spare = new ArrayDeque<>();
    private double[] sums = {};
    private int lanesDone;

    /** A finished branch of the tree that waits for its neighbour; a lane has level 0. */
    private static final class Branch {
        private final int level;
        private final Tensor gradients;
        private final double[] sums;

        Branch(int level, Tensor gradients, double[] sums) {
            this.level = level;
            this.gradients = gradients;
            this.sums = sums;
        }
    }

    /**
     * A run of neighbouring lanes or microbatches.
     *
     * @param start the first
     * @param end one behind the last
     */
    public record Range(int start, int end) {
        /**
         * How many there are.
         *
         * @return the length, maybe 0
         */
        public int size() {
            return end - start;
        }
    }

    /**
     * An accumulator over a bucket of gradients.
     *
     * @param gradients the flat bucket that backward passes add into; stays the caller's
     * @param laneCount L, a power of two, at least W
     * @param communicator the ranks
     */
    public GradientAccumulator(Tensor gradients, int laneCount, Communicator communicator) {
        if (laneCount < 1 || Integer.bitCount(laneCount) != 1) {
            throw new IllegalArgumentException("lanes: " + laneCount + " must be a power of two; use 8");
        }
        if (laneCount < communicator.size()) {
            throw new IllegalArgumentException("lanes: " + laneCount + " are fewer than the " + communicator.size()
                    + " ranks; use more lanes or fewer ranks");
        }
        this.gradients = gradients;
        this.laneCount = laneCount;
        this.communicator = communicator;
        this.spread = new Spread(gradients.elements(), communicator);
    }

    /**
     * The lanes of a rank.
     *
     * @param rank r
     * @param ranks W
     * @param laneCount L
     * @return lanes ⌊r·L/W⌋ up to ⌊(r+1)·L/W⌋
     */
    public static Range lanesOf(int rank, int ranks, int laneCount) {
        return new Range((int) ((long) rank * laneCount / ranks), (int) ((rank + 1L) * laneCount / ranks));
    }

    /**
     * The lanes of this rank.
     *
     * @return which lanes to work through, in order
     */
    public Range lanes() {
        return lanesOf(communicator.rank(), communicator.size(), laneCount);
    }

    /**
     * The microbatches of a lane.
     *
     * @param lane l
     * @param microBatches M of the global batch
     * @return all m with ⌊m·L/M⌋ = l
     */
    public Range microBatches(int lane, int microBatches) {
        return new Range(firstOf(lane, microBatches), firstOf(lane + 1, microBatches));
    }

    private int firstOf(int lane, int microBatches) {
        return (int) (((long) lane * microBatches + laneCount - 1) / laneCount);
    }

    /** Starts a batch: the bucket is set to zero. */
    public void begin() {
        while (!waiting.isEmpty()) {
            spare.push(waiting.pop().gradients);
        }
        lanesDone = 0;
        sums = new double[0];
        InPlace.zero(gradients);
    }

    /**
     * Ends a lane, whose gradients are in the bucket, zero if it had no microbatch.
     *
     * @param laneSums sums of the host that go with them, such as losses and counts; as many for every lane
     */
    public void endLane(double... laneSums) {
        if (lanesDone == lanes().size()) {
            throw new IllegalStateException("all " + lanesDone + " lanes of this rank are done; call finish()");
        }
        int level = 0;
        sums = laneSums.clone();
        while (!waiting.isEmpty() && waiting.element().level == level) {
            joinWaiting();
            level++;
        }
        lanesDone++;
        if (lanesDone < lanes().size()) {
            Tensor held = spare.isEmpty() ? Memory.tidy(() -> gradients.copy().keep()) : spare.pop();
            waiting.push(new Branch(level, InPlace.copy(held, gradients), sums));
            InPlace.zero(gradients);
        }
    }

    private void joinWaiting() {
        Branch left = waiting.pop();
        InPlace.add(gradients, left.gradients);
        spare.push(left.gradients);
        if (left.sums.length != sums.length) {
            throw new IllegalArgumentException("lanes have " + left.sums.length + " and " + sums.length
                    + " sums; give as many for every lane, zeros for one without microbatches");
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = left.sums[i] + sums[i];
        }
    }

    /**
     * Ends a batch: this rank's part of the bucket then holds the sum over all lanes of all ranks.
     *
     * @return the sums of the host, over all lanes of all ranks
     */
    public double[] finish() {
        if (lanesDone != lanes().size()) {
            throw new IllegalStateException(
                    "finish() after " + lanesDone + " of " + lanes().size() + " lanes; call endLane() for each");
        }
        while (!waiting.isEmpty()) {
            joinWaiting();
        }
        spread.reduce(gradients);
        return communicator.allReduceSum(sums);
    }

    /**
     * How the bucket is spread over the ranks.
     *
     * @return the spread
     */
    public Spread spread() {
        return spread;
    }

    /** Frees the buffers, not the bucket. */
    @Override
    public void close() {
        waiting.forEach(branch -> branch.gradients.close());
        waiting.clear();
        spare.forEach(Tensor::close);
        spare.clear();
    }
}
