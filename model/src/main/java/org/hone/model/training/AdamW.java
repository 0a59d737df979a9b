package org.hone.model.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.model.tensor.FusedOps;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101, algorithm 2) over flat parameters, in one fused pass.
 *
 * <p>θ ← θ - η·λ·θ, m ← β1·m + (1-β1)·g, v ← β2·v + (1-β2)·g², θ ← θ - η·(m/(1-β1^t)) / (√(v/(1-β2^t)) + ε),
 * with λ applied to matrices only.
 */
public final class AdamW implements AutoCloseable {
    private static final String MEAN = "exp_avg.";
    private static final String MEAN_SQUARE = "exp_avg_sq.";
    private static final String STEP = "step";

    private final FlatParameters flat;
    private final Settings settings;
    private final Tensor mean;
    private final Tensor meanSquare;
    private long steps;

    /**
     * The numbers that stay the same during a run.
     *
     * @param beta1 decay of the mean of the gradients
     * @param beta2 decay of the mean of their squares
     * @param epsilon ε
     * @param weightDecay λ
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
        /**
         * Those of Llama 2 (arXiv 2307.09288, section 2.2): 0.9, 0.95, 1e-5, 0.1.
         *
         * @return the settings
         */
        public static Settings ofLlama2() {
            return new Settings(0.9, 0.95, 1e-5, 0.1);
        }
    }

    /**
     * Starts with zero moments.
     *
     * @param flat what to optimise; must outlive this object
     * @param settings β1, β2, ε and λ
     */
    public AdamW(FlatParameters flat, Settings settings) {
        this.flat = flat;
        this.settings = settings;
        mean = Memory.tidy(() -> Tensors.zerosLike(flat.parameters()).keep());
        meanSquare = Memory.tidy(() -> Tensors.zerosLike(flat.parameters()).keep());
    }

    /**
     * Changes the parameters once by their gradients, which stay as they are.
     *
     * @param learningRate η of this step
     */
    public void step(double learningRate) {
        steps++;
        long matrices = flat.decayedElements();
        long vectors = flat.parameters().elements() - matrices;
        update(0, matrices, learningRate, settings.weightDecay());
        update(matrices, vectors, learningRate, 0.0);
    }

    private void update(long start, long length, double learningRate, double weightDecay) {
        if (length == 0) {
            return;
        }
        FusedOps.AdamWStep numbers = new FusedOps.AdamWStep(
                steps, learningRate, settings.beta1(), settings.beta2(), weightDecay, settings.epsilon());
        Memory.tidy(() -> FusedOps.adamW(
                flat.parameters().narrow(0, start, length),
                flat.gradients().narrow(0, start, length),
                mean.narrow(0, start, length),
                meanSquare.narrow(0, start, length),
                numbers));
    }

    /**
     * How often {@link #step} was called, resumed steps included.
     *
     * @return the steps done
     */
    public long steps() {
        return steps;
    }

    /**
     * The state for a checkpoint: {@code exp_avg.NAME} and {@code exp_avg_sq.NAME} of each parameter, and
     * {@code step}. Call it inside a tidy region, and write it out before the next step.
     *
     * @return views of the moments by name
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (String name : flat.names()) {
            state.put(MEAN + name, flat.view(mean, name));
        }
        for (String name : flat.names()) {
            state.put(MEAN_SQUARE + name, flat.view(meanSquare, name));
        }
        state.put(STEP, Tensors.of(new long[] {steps}));
        return state;
    }

    /**
     * Continues from a checkpoint's state.
     *
     * @param state what {@link #state} gave for a model of the same shape
     */
    public void restore(Map<String, Tensor> state) {
        Memory.tidy(() -> {
            for (String name : flat.names()) {
                restore(flat.view(mean, name), state, MEAN + name);
                restore(flat.view(meanSquare, name), state, MEAN_SQUARE + name);
            }
            steps = required(state, STEP).toLongs()[0];
        });
    }

    private static void restore(Tensor target, Map<String, Tensor> state, String name) {
        Tensor source = required(state, name);
        if (!Arrays.equals(source.shape(), target.shape())) {
            throw new IllegalArgumentException("optimiser state " + name + ": found " + source + ", expected " + target
                    + "; it belongs to another model");
        }
        InPlace.copy(target, source);
    }

    private static Tensor required(Map<String, Tensor> state, String name) {
        Tensor tensor = state.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "optimiser state " + name + " is missing; it belongs to another model, or was not written whole");
        }
        return tensor;
    }

    @Override
    public void close() {
        mean.close();
        meanSquare.close();
    }
}
