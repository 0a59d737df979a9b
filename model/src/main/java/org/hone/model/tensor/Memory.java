package org.hone.model.tensor;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.InferenceMode;

/**
 * Who frees what: the rules of native memory.
 *
 * <ol>
 *   <li>A tensor can only be made inside a {@linkplain #tidy tidy region}; elsewhere it is an
 *       {@link IllegalStateException}, so that nothing is ever left to the garbage collector.
 *   <li>When the region ends, normally or by an exception, everything made in it is freed.
 *   <li>A tensor returned from a region moves to the enclosing region, or to the caller when there is none.
 *   <li>{@link Tensor#keep()} takes a tensor out of its region; whoever keeps it must {@link Tensor#close()} it.
 * </ol>
 *
 * <p>A region belongs to the thread that opened it. Kept tensors may be read by any thread.
 */
public final class Memory {
    private static final AtomicLong LIVE = new AtomicLong();

    static {
        // Some classes of the presets hold static pointers; loaded inside a region they would be freed with it.
        NativeLibraries.load();
        NativeCalls.awaitAtExit();
    }

    private Memory() {}

    /** Runs the static initialiser. */
    static void load() {}

    /**
     * Runs the body in a region and frees what it made, except a result that is itself a tensor.
     *
     * @param body what to compute
     * @param <R> what it returns: a {@link Tensor}, which moves to the enclosing region or else to the caller, or
     *     something without tensors in it
     * @return the body's result
     */
    public static <R> R tidy(Supplier<R> body) {
        Region region = Region.open();
        try {
            R result = body.get();
            if (result instanceof Tensor tensor) {
                region.handUp(tensor);
            }
            return result;
        } finally {
            region.close();
        }
    }

    /**
     * Runs the body in a region and frees what it made.
     *
     * @param body what to run
     */
    public static void tidy(Runnable body) {
        Region region = Region.open();
        try {
            body.run();
        } finally {
            region.close();
        }
    }

    /**
     * Runs the body without recording it for gradients. Does not open a region.
     *
     * @param body what to compute
     * @param <R> what it returns
     * @return the body's result
     */
    public static <R> R withoutGradients(Supplier<R> body) {
        load();
        boolean before = GradMode.is_enabled();
        GradMode.set_enabled(false);
        try {
            return body.get();
        } finally {
            GradMode.set_enabled(before);
        }
    }

    /**
     * Runs the body without recording it for gradients. Does not open a region.
     *
     * @param body what to run
     */
    public static void withoutGradients(Runnable body) {
        withoutGradients(() -> {
            body.run();
            return true;
        });
    }

    /**
     * Runs the body in libtorch's inference mode: cheaper than {@link #withoutGradients}, but tensors made in it can
     * never take part in a computation that records gradients. Does not open a region.
     *
     * @param body what to compute
     * @param <R> what it returns
     * @return the body's result
     */
    public static <R> R inference(Supplier<R> body) {
        load();
        InferenceMode mode = new InferenceMode(true);
        try {
            return body.get();
        } finally {
            mode.deallocate();
        }
    }

    /** {@return how many tensors are alive in this process, kept or in open regions} */
    public static long liveTensors() {
        return LIVE.get();
    }

    /** {@return the resident memory of this process in bytes, or 0 where the system does not tell} */
    public static long residentBytes() {
        load();
        return Pointer.physicalBytes();
    }

    static void born() {
        LIVE.incrementAndGet();
    }

    static void died() {
        LIVE.decrementAndGet();
    }
}
