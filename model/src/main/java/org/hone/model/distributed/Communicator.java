package org.hone.model.distributed;

import java.time.Duration;
import org.hone.model.tensor.Tensor;

/**
 * The ranks of one training stage, as one of them sees them.
 *
 * <p>All ranks call the same methods in the same order. Every wait has an end: a peer that died or hangs is a
 * {@link CommunicationException} within the timeout, after which the communicator can only be closed.
 */
public sealed interface Communicator extends AutoCloseable
        permits SingleProcess, SharedMemoryGroup, BackendCommunicator {
    /**
     * How much two ranks exchange at once: bounds the memory of the tree, and is what a processor's cache holds still when it
     * is added up. Of 64 MiB each was also asked of the operating system anew: glibc's arenas of threads hold no more.
     */
    long EXCHANGED_BYTES = 16L << 20;

    /**
     * This process's place among the ranks.
     *
     * @return 0 … size - 1
     */
    int rank();

    /**
     * How many ranks there are (W).
     *
     * @return at least 1
     */
    int size();

    /**
     * Replaces a tensor by its sum over the ranks; the order of the additions is the backend's.
     *
     * @param tensor contiguous, of the same shape and type on every rank
     * @throws CommunicationException if a peer is lost
     */
    void allReduceSum(Tensor tensor);

    /**
     * Replaces a tensor by its sum over the ranks, added up by a binary tree over their numbers.
     *
     * <p>With W = 4 the result is (t_0 + t_1) + (t_2 + t_3), bit for bit and on every rank: recursive doubling,
     * at level k rank r and rank r xor 2^k exchange what they have and both add it.
     *
     * @param tensor contiguous, of the same shape and type on every rank
     * @throws IllegalStateException if W is not a power of two
     * @throws CommunicationException if a peer is lost
     */
    void treeAllReduceSum(Tensor tensor);

    /**
     * Sums a tensor over the ranks as {@link #treeAllReduceSum} does, to the same bits, but leaves every rank its part of
     * the sum alone: half the traffic, and the rest is brought by {@link #allGather} once something was made of it.
     *
     * @param tensor contiguous, of the same shape and type on every rank; outside the part it is left in no order
     * @param unit parts begin at multiples of it
     * @return where the sum is, {@link Part#of}
     * @throws IllegalStateException if W is not a power of two
     * @throws CommunicationException if a peer is lost
     */
    Part treeReduceScatterSum(Tensor tensor, long unit);

    /**
     * Gives every rank the parts of all.
     *
     * @param tensor contiguous, of the same shape and type on every rank, with the rank's own part in its place
     * @param unit as in {@link #treeReduceScatterSum}
     * @throws IllegalStateException if W is not a power of two
     * @throws CommunicationException if a peer is lost
     */
    void allGather(Tensor tensor, long unit);

    /**
     * Copies one rank's tensor to all.
     *
     * @param tensor contiguous, of the same shape and type on every rank
     * @param root the rank that has it
     * @throws CommunicationException if a peer is lost
     */
    void broadcast(Tensor tensor, int root);

    /**
     * Waits until every rank has come here.
     *
     * @throws CommunicationException if a peer is lost
     */
    void barrier();

    /**
     * Sums numbers of the host over the ranks, by {@link #treeAllReduceSum} where W is a power of two.
     *
     * @param values as many on every rank
     * @return the sums, the same bits on every rank
     * @throws CommunicationException if a peer is lost
     */
    double[] allReduceSum(double... values);

    /** Leaves the group; peers that still wait for this rank fail. */
    @Override
    void close();

    /**
     * Whether {@link #treeAllReduceSum} can be used.
     *
     * @return whether W is a power of two
     */
    default boolean hasTree() {
        return Integer.bitCount(size()) == 1;
    }

    /**
     * The communicator of a process that is alone.
     *
     * @return rank 0 of 1
     */
    static Communicator single() {
        return new SingleProcess();
    }

    /**
     * Joins a group of threads of this process (CPU tensors). The sums are to the bit those of {@link #gloo}, if W is a power of two.
     *
     * @param name of the group, as for {@link #gloo}
     * @param rank 0 … size - 1
     * @param size W
     * @param timeout of every wait
     * @return the group; the first operation waits for all ranks
     */
    static Communicator sharedMemory(String name, int rank, int size, Duration timeout) {
        return new SharedMemoryGroup(new Membership("", name, rank, size, timeout));
    }

    /**
     * Joins a group over Gloo (CPU tensors, TCP).
     *
     * @param address of the rank-0 process, from {@link Rendezvous#address()}
     * @param prefix names this group at the rendezvous; a new one for each attempt of a stage, so that a late
     *     rank of an earlier attempt never meets this one
     * @param rank 0 … size - 1
     * @param size W
     * @param bindHost the name or address by which the other ranks reach this machine
     * @param timeout of joining and of every operation
     * @return the group, once all ranks have joined
     * @throws CommunicationException if a rank does not join in time
     */
    static Communicator gloo(String address, String prefix, int rank, int size, String bindHost, Duration timeout) {
        return GlooGroup.join(new Membership(address, prefix, rank, size, timeout), bindHost);
    }

    /**
     * Joins a group over NCCL (CUDA tensors); needs the GPU build of libtorch.
     *
     * @param address of the rank-0 process, from {@link Rendezvous#address()}
     * @param prefix names this group at the rendezvous, as for {@link #gloo}
     * @param rank 0 … size - 1
     * @param size W
     * @param deviceIndex the graphics card of this rank
     * @param timeout of joining and of every operation
     * @return the group
     * @throws CommunicationException if a rank does not join in time
     */
    static Communicator nccl(String address, String prefix, int rank, int size, int deviceIndex, Duration timeout) {
        return NcclGroup.join(new Membership(address, prefix, rank, size, timeout), deviceIndex);
    }
}
