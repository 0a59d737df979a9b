package org.hone.model.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.global.torch;

/**
 * Buffers whose memory tensors use. Java unmaps a file when its buffer is unreachable, and libtorch cannot reach into
 * Java; so the buffers are held here until libtorch calls back that the storage is gone. That is right even when only a
 * view or a gradient still needs the memory.
 */
final class Mappings {
    private static final Map<Long, Deque<ByteBuffer>> HELD = new HashMap<>();

    private Mappings() {}

    /** One callback for all storages: libtorch calls it with the address, possibly on a thread of its own. */
    private static final class Release extends PointerConsumer {
        private static final Release INSTANCE = new Release().retainReference();

        @Override
        public void call(Pointer memory) {
            release(memory.address());
        }
    }

    static org.bytedeco.pytorch.Tensor tensorOver(ByteBuffer buffer, DataType dataType, long[] shape) {
        BytePointer pointer = new BytePointer(buffer);
        synchronized (HELD) {
            HELD.computeIfAbsent(pointer.address(), address -> new ArrayDeque<>())
                    .push(buffer);
        }
        try {
            return torch.from_blob(pointer, shape, Release.INSTANCE, Native.options(dataType, Device.cpu()));
        } catch (RuntimeException error) {
            release(pointer.address());
            throw error;
        }
    }

    private static void release(long address) {
        synchronized (HELD) {
            Deque<ByteBuffer> buffers = HELD.get(address);
            if (buffers != null) {
                buffers.pop();
                if (buffers.isEmpty()) {
                    HELD.remove(address);
                }
            }
        }
    }

    static int held() {
        synchronized (HELD) {
            return HELD.size();
        }
    }
}
