package org.hone.model.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/** Operations that libtorch has but the presets do not name; they are called through its dispatcher. */
public final class FusedOps {
    private FusedOps() {}

    /**
     * The numbers of one AdamW step.
     *
     * @param step which step this is, from 1; for the bias corrections
     * @param learningRate η
     * @param beta1 decay of the mean, 0 ≤ β1 &lt; 1
     * @param beta2 decay of the mean square, 0 ≤ β2 &lt; 1
     * @param weightDecay λ
     * @param epsilon ε, added to the root of the mean square
     */
    public record AdamWStep(
            long step, double learningRate, double beta1, double beta2, double weightDecay, double epsilon) {
        /**
         * Checks the ranges.
         *
         * @param step at least 1
         * @param learningRate at least 0
         * @param beta1 at least 0, below 1
         * @param beta2 at least 0, below 1
         * @param weightDecay at least 0
         * @param epsilon at least 0
         */
        public AdamWStep {
            if (step < 1) {
                throw new IllegalArgumentException("step: " + step + " must be at least 1");
            }
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
                throw new IllegalArgumentException("beta1 and beta2 must be in [0, 1); got " + beta1 + " and " + beta2);
            }
            if (!(learningRate >= 0 && weightDecay >= 0 && epsilon >= 0)) {
                throw new IllegalArgumentException("learning rate, weight decay and epsilon must not be negative; got "
                        + learningRate + ", " + weightDecay + " and " + epsilon);
            }
        }
    }

    /**
     * One AdamW step (arXiv 1711.05101, algorithm 2) in one pass over the memory:
     * θ ← θ − η λ θ; m ← β1 m + (1 − β1) g; v ← β2 v + (1 − β2) g²;
     * θ ← θ − η · (m / (1 − β1^t)) / (√(v / (1 − β2^t)) + ε).
     *
     * @param parameter θ, changed
     * @param gradient g, of the same shape
     * @param mean m, changed; zeros before the first step
     * @param meanSquare v, changed; zeros before the first step
     * @param numbers the step and its rates
     */
    public static void adamW(Tensor parameter, Tensor gradient, Tensor mean, Tensor meanSquare, AdamWStep numbers) {
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor step = Tensors.full((double) numbers.step(), DataType.FLOAT32, parameter.device());
            Native.call(() -> {
                IValueVector stack = new IValueVector();
                for (Tensor tensor : List.of(parameter, gradient, mean, meanSquare)) {
                    stack.push_back(list(List.of(tensor)));
                }
                stack.push_back(list(List.of()));
                stack.push_back(list(List.of(step)));
                for (double number : new double[] {
                    numbers.learningRate(), numbers.beta1(), numbers.beta2(), numbers.weightDecay(), numbers.epsilon()
                }) {
                    stack.push_back(new IValue(number));
                }
                stack.push_back(new IValue(false)); // amsgrad
                stack.push_back(new IValue(false)); // maximize
                stack.push_back(new IValue()); // no gradient scaler
                stack.push_back(new IValue());
                Dispatcher.singleton()
                        .findSchemaOrThrow("aten::_fused_adamw_", "")
                        .callBoxed(stack);
                return true;
            });
        }));
    }

    /** new IValue(TensorVector) would bind to the cast of any pointer and reinterpret memory. */
    private static IValue list(List<Tensor> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor.handle()));
        }
        return new IValue(list);
    }
}
