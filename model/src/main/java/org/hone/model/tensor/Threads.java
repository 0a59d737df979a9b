package org.hone.model.tensor;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * How many processor threads a native operation uses.
 *
 * <p>libtorch and the OpenBLAS under it each have a setting of their own, and either alone leaves the other at one thread
 * a core. A rank has one thread: several threads a process spin against each other.
 */
public final class Threads {
    private Threads() {}

    /**
     * Sets the number of threads for operations that the calling thread runs, and the default of threads that have not
     * run any yet.
     *
     * @param threads at least 1
     * @throws IllegalArgumentException if it is less
     */
    public static void use(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " must be at least 1");
        }
        Memory.load();
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }

    /** {@return how many threads libtorch's own operations use when the calling thread runs them} */
    public static int used() {
        Memory.load();
        return torch.get_num_threads();
    }
}
