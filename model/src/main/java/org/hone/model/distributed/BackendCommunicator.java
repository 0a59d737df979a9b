package org.hone.model.distributed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.RawBytes;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** A group over one of libtorch's backends. */
final class BackendCommunicator implements Communicator {
    /** How much two ranks exchange at once: bounds the memory of the tree, large enough for full speed. */
    private static final long EXCHANGED_BYTES = 64L << 20;

    private final Membership membership;
    private final Backend backend;
    private final Device device;
    private boolean closed;

    BackendCommunicator(Membership membership, Backend backend, Device device) {
        this.membership = membership;
        this.backend = backend;
        this.device = device;
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
        checkContiguous(tensor);
        await("all ranks in an all-reduce of " + tensor, group -> group.allreduce(new TensorVector(tensor.handle())));
    }

    @Override
    public void treeAllReduceSum(Tensor tensor) {
        if (!hasTree()) {
            throw new IllegalStateException("a tree needs 1, 2, 4, 8 … ranks, this group has " + size()
                    + "; use allReduceSum, or another number of executors");
        }
        checkContiguous(tensor);
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor flat = tensor.detach().view(-1);
            long piece = Math.max(1, EXCHANGED_BYTES / flat.dataType().bytes());
            long length = Math.min(piece, flat.elements());
            Tensor received = Tensors.empty(flat.dataType(), flat.device(), length);
            for (int distance = 1; distance < size(); distance *= 2) {
                for (long start = 0; start < flat.elements(); start += piece) {
                    exchange(flat, start, received, rank() ^ distance);
                }
            }
        }));
    }

    /** Adds the peer's piece to ours. a + b = b + a to the bit, so both sides hold the same afterwards. */
    private void exchange(Tensor flat, long start, Tensor received, int peer) {
        Memory.tidy(() -> {
            Tensor mine = flat.narrow(0, start, Math.min(received.elements(), flat.elements() - start));
            Tensor theirs = received.narrow(0, 0, mine.elements());
            String waitedFor = "rank " + peer + " in a tree all-reduce of " + flat;
            if (backend.supportsCoalescing()) {
                await(waitedFor, group -> {
                    // NCCL runs operations of one stream in order: together, neither side waits for the other
                    group.startCoalescing();
                    group.send(new TensorVector(mine.handle()), peer, 0);
                    group.recv(new TensorVector(theirs.handle()), peer, 0);
                    return group.endCoalescing();
                });
            } else {
                await(waitedFor, group -> {
                    Work sending = group.send(new TensorVector(mine.handle()), peer, 0);
                    group.recv(new TensorVector(theirs.handle()), peer, 0)._wait();
                    return sending;
                });
            }
            InPlace.add(mine, theirs);
        });
    }

    @Override
    public void broadcast(Tensor tensor, int root) {
        checkContiguous(tensor);
        if (root < 0 || root >= size()) {
            throw new IllegalArgumentException("root: " + root + " is not one of the " + size() + " ranks");
        }
        await("all ranks in a broadcast of " + tensor + " from rank " + root, group -> {
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(root);
            return group.broadcast(new TensorVector(tensor.handle()), options);
        });
    }

    @Override
    public void barrier() {
        await("all ranks at a barrier", Backend::barrier);
    }

    @Override
    public double[] allReduceSum(double... values) {
        if (values.length == 0) {
            return values.clone();
        }
        return Memory.tidy(() -> {
            Tensor sums = Tensors.of(values).to(device);
            if (hasTree()) {
                treeAllReduceSum(sums);
            } else {
                allReduceSum(sums);
            }
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.nativeOrder());
            RawBytes.read(sums.to(Device.cpu()), 0, bytes);
            double[] result = new double[values.length];
            bytes.flip().asDoubleBuffer().get(result);
            return result;
        });
    }

    private void await(String waitedFor, Function<Backend, Work> operation) {
        if (closed) {
            throw new IllegalStateException("rank " + rank() + " has left its group; it cannot wait for " + waitedFor);
        }
        try {
            NativeScope.call(() -> operation.apply(backend)._wait());
        } catch (RuntimeException problem) {
            throw membership.failed(waitedFor, problem);
        }
    }

    private static void checkContiguous(Tensor tensor) {
        if (!tensor.isContiguous()) {
            throw new IllegalArgumentException(
                    tensor + " " + Arrays.toString(tensor.shape()) + " must be contiguous to be summed over ranks");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            backend.close();
        }
    }
}
