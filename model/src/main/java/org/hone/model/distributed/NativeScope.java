package org.hone.model.distributed;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.hone.model.tensor.Memory;

/** Frees the small native objects (options, vectors, works) that a call to a backend needs. */
final class NativeScope {
    private NativeScope() {}

    static <R> R call(Supplier<R> body) {
        Memory.liveTensors(); // loads libtorch: what its classes make once and for all must not belong to this scope
        PointerScope scope = new PointerScope();
        try {
            return body.get();
        } finally {
            scope.close();
        }
    }
}
