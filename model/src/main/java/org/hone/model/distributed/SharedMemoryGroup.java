package org.hone.model.distributed;

import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;

/**
 * Ranks that are threads of one process, and read each other's tensors where these lie. Each rank adds up its own part, which the others
 * do not look at, in the order in which a tree over the network adds: the sums are the same to the bit.
 */
final class SharedMemoryGroup implements Communicator {
    /** Numbers added up at once: what a core has at hand. */
    private static final long PIECE = 1L << 16;

    private final Membership membership;
    private final MeetingPlace place;
    private boolean closed;

    SharedMemoryGroup(Membership membership) {
        this.membership = membership;
        this.place = MeetingPlace.named(membership.prefix(), membership.size());
    }

    @Override
    public int rank() {
        return membership.rank();
    }

    @Override
    public int size() {
        return membership.size();
    }

    @Override
    public void allReduceSum(Tensor tensor) {
        allReduce(tensor, "all ranks in an all-reduce of " + tensor);
    }

    @Override
    public void treeAllReduceSum(Tensor tensor) {
        Requirements.tree(this);
        allReduce(tensor, "all ranks in a tree all-reduce of " + tensor);
    }

    private void allReduce(Tensor tensor, String waitedFor) {
        together(tensor, waitedFor, (flat, all) -> {
            addUp(all, slice(rank(), flat));
            meet(true, Boolean.class, waitedFor);
            for (int rank = 0; rank < size(); rank++) {
                copy(all.get(rank), flat, rank == rank() ? new Part(0, 0) : slice(rank, flat));
            }
        });
    }

    private Part slice(int rank, Tensor flat) {
        long elements = flat.elements();
        return new Part(elements * rank / size(), elements * (rank + 1) / size());
    }

    @Override
    public Part treeReduceScatterSum(Tensor tensor, long unit) {
        Requirements.tree(this);
        Part part = Part.of(rank(), size(), tensor.elements(), unit);
        together(tensor, "all ranks in a reduce-scatter of " + tensor, (flat, all) -> addUp(all, part));
        return part;
    }

    @Override
    public void allGather(Tensor tensor, long unit) {
        Requirements.tree(this);
        together(tensor, "all ranks in an all-gather of " + tensor, (flat, all) -> {
            for (int rank = 0; rank < size(); rank++) {
                if (rank != rank()) {
                    copy(all.get(rank), flat, Part.of(rank, size(), flat.elements(), unit));
                }
            }
        });
    }

    @Override
    public void broadcast(Tensor tensor, int root) {
        Requirements.member(this, root);
        together(tensor, "all ranks in a broadcast of " + tensor + " from rank " + root, (flat, all) -> {
            if (rank() != root) {
                copy(all.get(root), flat, new Part(0, flat.elements()));
            }
        });
    }

    /** Lets every rank work on everybody's tensors, flat, and ends when all have. */
    private void together(Tensor tensor, String waitedFor, BiConsumer<Tensor, List<Tensor>> work) {
        Requirements.contiguous(tensor);
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            // if a rank fails, others may be reading this: then it is left to the garbage collector
            Tensor mine = tensor.detach().view(-1).keep();
            List<Tensor> all = meet(mine, Tensor.class, waitedFor).stream()
                    .map(other -> other.narrow(0, 0, other.elements()))
                    .toList();
            work.accept(all.get(rank()), all);
            meet(true, Boolean.class, waitedFor);
            mine.close();
        }));
    }

    /** Leaves the sum of a part in this rank's own. */
    private void addUp(List<Tensor> all, Part part) {
        for (long start = part.start(); start < part.end(); start += PIECE) {
            long from = start;
            long length = Math.min(PIECE, part.end() - start);
            Memory.tidy(() -> {
                List<Tensor> pieces =
                        all.stream().map(one -> one.narrow(0, from, length)).toList();
                InPlace.copy(pieces.get(rank()), sum(pieces));
            });
        }
    }

    /** (t_0 + t_1) + (t_2 + t_3) and so on; of three, (t_0 + t_1) + t_2. */
    private static Tensor sum(List<Tensor> tensors) {
        int count = tensors.size();
        int half = (count + 1) / 2;
        return count == 1 ? tensors.get(0) : sum(tensors.subList(0, half)).add(sum(tensors.subList(half, count)));
    }

    private static void copy(Tensor from, Tensor to, Part part) {
        if (part.length() > 0) {
            InPlace.copy(to.narrow(0, part.start(), part.length()), from.narrow(0, part.start(), part.length()));
        }
    }

    @Override
    public void barrier() {
        meet(true, Boolean.class, "all ranks at a barrier");
    }

    @Override
    public double[] allReduceSum(double... values) {
        List<double[]> all =
                meet(values.clone(), double[].class, "all ranks in a sum of " + values.length + " numbers");
        double[] sums = new double[values.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sum(all, i);
        }
        return sums;
    }

    private static double sum(List<double[]> all, int i) {
        int count = all.size();
        int half = (count + 1) / 2;
        return count == 1 ? all.get(0)[i] : sum(all.subList(0, half), i) + sum(all.subList(half, count), i);
    }

    private <T> List<T> meet(T mine, Class<T> type, String waitedFor) {
        Requirements.open(this, closed, waitedFor);
        try {
            return place.meet(rank(), mine, type, membership.timeout());
        } catch (TimeoutException problem) {
            throw membership.failed(waitedFor, problem);
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
            throw membership.failed(waitedFor, new IllegalStateException("interrupted", problem));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            place.leave();
        }
    }
}
