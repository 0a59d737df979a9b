package org.hone.model.distributed;

import java.util.Arrays;
import org.hone.model.tensor.Tensor;

/** What every group asks of those who call it. */
final class Requirements {
    private Requirements() {}

    static void tree(Communicator group) {
        if (!group.hasTree()) {
            throw new IllegalStateException("a tree needs 1, 2, 4, 8 … ranks, this group has " + group.size()
                    + "; use allReduceSum, or another number of executors");
        }
    }

    static void contiguous(Tensor tensor) {
        if (!tensor.isContiguous()) {
            throw new IllegalArgumentException(
                    tensor + " " + Arrays.toString(tensor.shape()) + " must be contiguous to be summed over ranks");
        }
    }

    static void member(Communicator group, int root) {
        if (root < 0 || root >= group.size()) {
            throw new IllegalArgumentException("root: " + root + " is not one of the " + group.size() + " ranks");
        }
    }

    static void open(Communicator group, boolean closed, String waitedFor) {
        if (closed) {
            throw new IllegalStateException(
                    "rank " + group.rank() + " has left its group; it cannot wait for " + waitedFor);
        }
    }
}
