package org.hone.model.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** One open tidy region of a thread: the tensors made in it, and the small native objects that made them. */
final class Region {
    private static final ThreadLocal<@Nullable Region> INNERMOST = new ThreadLocal<>();

    private final @Nullable Region enclosing;
    private final PointerScope scope;
    private final List<Tensor> tensors = new ArrayList<>();

    private Region(@Nullable Region enclosing) {
        this.enclosing = enclosing;
        this.scope = new PointerScope();
    }

    static Region open() {
        Memory.load();
        Region region = new Region(INNERMOST.get());
        INNERMOST.set(region);
        return region;
    }

    static @Nullable Region innermost() {
        return INNERMOST.get();
    }

    void add(Tensor tensor) {
        tensors.add(tensor);
    }

    /** Moves a tensor of this region to the enclosing one, or to the caller when there is none. */
    void handUp(Tensor tensor) {
        if (!tensor.belongsTo(this)) {
            return;
        }
        if (enclosing == null) {
            tensor.keep();
            return;
        }
        enclosing.scope.attach(tensor.handle());
        enclosing.add(tensor);
        tensor.moveTo(enclosing);
    }

    void close() {
        if (enclosing == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(enclosing);
        }
        for (Tensor tensor : tensors) {
            tensor.regionEnded(this);
        }
        scope.close();
    }
}
