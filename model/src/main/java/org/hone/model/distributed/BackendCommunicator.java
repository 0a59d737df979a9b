package org.hone.model.distributed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        Requirements.contiguous(tensor);
        await("all ranks in an all-reduce of " + tensor, group -> group.allreduce(new TensorVector(tensor.handle())));
    }

    @Override
    public void treeAllReduceSum(Tensor tensor) {
        Requirements.tree(this);
        Requirements.contiguous(tensor);
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor flat = tensor.detach().view(-1);
            for (int distance = 1; distance < size(); distance *= 2) {
                addFrom(rank() ^ distance, flat, flat, "a tree all-reduce of " + flat);
            }
        }));
    }

    @Override
    public Part treeReduceScatterSum(Tensor tensor, long unit) {
        Requirements.tree(this);
        Requirements.contiguous(tensor);
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor flat = tensor.detach().view(-1);
            Part part = new Part(0, flat.elements());
            for (int distance = 1; distance < size(); distance *= 2) {
                boolean upper = (rank() & distance) != 0;
                Tensor given = of(flat, part.half(!upper, unit));
                part = part.half(upper, unit);
                addFrom(rank() ^ distance, given, of(flat, part), "a reduce-scatter of " + flat);
            }
        }));
        return Part.of(rank(), size(), tensor.elements(), unit);
    }

    @Override
    public void allGather(Tensor tensor, long unit) {
        Requirements.tree(this);
        Requirements.contiguous(tensor);
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor flat = tensor.detach().view(-1);
            for (int distance = size() / 2; distance >= 1; distance /= 2) {
                // what a rank has by now is the part of the ranks that agree with it in the lower bits
                Part before = Part.of(rank() % distance, distance, flat.elements(), unit);
                boolean upper = (rank() & distance) != 0;
                Tensor mine = of(flat, before.half(upper, unit));
                Tensor theirs = of(flat, before.half(!upper, unit));
                for (long start = 0; start < Math.max(mine.elements(), theirs.elements()); start += piece(flat)) {
                    swap(piece(mine, start), piece(theirs, start), rank() ^ distance, "an all-gather of " + flat);
                }
            }
        }));
    }

    private static Tensor of(Tensor flat, Part part) {
        return flat.narrow(0, part.start(), part.length());
    }

    private static long piece(Tensor flat) {
        return Math.max(1, EXCHANGED_BYTES / flat.dataType().bytes());
    }

    /** The piece from a place on; empty behind the end. */
    private static Tensor piece(Tensor flat, long start) {
        long from = Math.min(start, flat.elements());
        return flat.narrow(0, from, Math.min(piece(flat), flat.elements() - from));
    }

    /** Gives a peer its part, and adds to ours what it has of it. a + b = b + a to the bit, so both sides agree. */
    private void addFrom(int peer, Tensor given, Tensor kept, String work) {
        Memory.tidy(() -> {
            Tensor received = Tensors.empty(kept.dataType(), kept.device(), Math.min(piece(kept), kept.elements()));
            for (long start = 0; start < Math.max(given.elements(), kept.elements()); start += piece(kept)) {
                Tensor mine = piece(kept, start);
                Tensor theirs = received.narrow(0, 0, mine.elements());
                swap(piece(given, start), theirs, peer, work);
                InPlace.add(mine, theirs);
            }
        });
    }

    private void swap(Tensor outgoing, Tensor incoming, int peer, String work) {
        String waitedFor = "rank " + peer + " in " + work;
        boolean sends = outgoing.elements() > 0;
        boolean receives = incoming.elements() > 0;
        if (sends && receives && backend.supportsCoalescing()) {
            await(waitedFor, group -> {
                // NCCL runs operations of one stream in order: together, neither side waits for the other
                group.startCoalescing();
                group.send(new TensorVector(outgoing.handle()), peer, 0);
                group.recv(new TensorVector(incoming.handle()), peer, 0);
                return group.endCoalescing();
            });
        } else if (sends && receives) {
            await(waitedFor, group -> {
                Work sending = group.send(new TensorVector(outgoing.handle()), peer, 0);
                group.recv(new TensorVector(incoming.handle()), peer, 0)._wait();
                return sending;
            });
        } else if (sends) {
            await(waitedFor, group -> group.send(new TensorVector(outgoing.handle()), peer, 0));
        } else if (receives) {
            await(waitedFor, group -> group.recv(new TensorVector(incoming.handle()), peer, 0));
        }
    }

    @Override
    public void broadcast(Tensor tensor, int root) {
        Requirements.contiguous(tensor);
        Requirements.member(this, root);
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
        Requirements.open(this, closed, waitedFor);
        try {
            NativeScope.call(() -> operation.apply(backend)._wait());
        } catch (RuntimeException problem) {
            throw membership.failed(waitedFor, problem);
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
