package org.hone.model.tensor;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/** Going back through a recorded computation that is a part of a larger one. */
public final class Autograd {
    private Autograd() {}

    /**
     * Adds the gradient of a later number to every leaf that a tensor was computed from.
     *
     * @param output the tensor
     * @param gradient the gradient of that number by the tensor, of the tensor's shape
     */
    public static void backward(Tensor output, Tensor gradient) {
        Native.call(() -> {
            output.handle().backward(gradient.handle(), new BoolOptional(), false, new TensorArrayRefOptional());
            return true;
        });
    }
}
