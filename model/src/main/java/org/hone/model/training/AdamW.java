package org.hone.model.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
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
 *
 * <p>Each rank keeps the moments of its part alone, changes that part of the parameters, and all ranks then give each other
 * their parts (ZeRO stage 1). The numbers are the same bits as if every rank did all of it.
 */
public final class AdamW implements AutoCloseable {
    private static final String STEP = "step";

    private final FlatParameters flat;
    private final Settings settings;
    private final Spread spread;
    private final Tensor mean;
    private final Tensor meanSquare;
    private long steps;

    /** What is remembered of earlier gradients, by the names of PyTorch's optimiser. */
    public enum Moment {
        /** m, the mean of the gradients. */
        EXP_AVG,
        /** v, the mean of their squares. */
        EXP_AVG_SQ;

        /**
         * The name of a parameter's moment in a checkpoint.
         *
         * @param parameter the parameter's name
         * @return {@code exp_avg.NAME} or {@code exp_avg_sq.NAME}
         */
        public String of(String parameter) {
            return name().toLowerCase(Locale.ROOT) + "." + parameter;
        }
    }

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
     * @param spread which part of it is this rank's: the moments of that part alone are kept
     */
    public AdamW(FlatParameters flat, Settings settings, Spread spread) {
        this.flat = flat;
        this.settings = settings;
        this.spread = spread;
        mean = Memory.tidy(
                () -> Tensors.zerosLike(spread.own(flat.parameters())).keep());
        meanSquare = Memory.tidy(
                () -> Tensors.zerosLike(spread.own(flat.parameters())).keep());
    }

    /**
     * Changes the parameters once by their gradients, each rank its part, and gives all ranks all of them.
     *
     * @param learningRate η of this step
     */
    public void step(double learningRate) {
        steps++;
        long start = spread.part().start();
        long end = spread.part().end();
        long border = Math.max(start, Math.min(end, flat.decayedElements()));
        update(start, border, learningRate, settings.weightDecay());
        update(border, end, learningRate, 0.0);
        spread.gather(flat.parameters());
    }

    private void update(long start, long end, double learningRate, double weightDecay) {
        long length = end - start;
        if (length == 0) {
            return;
        }
        long offset = start - spread.part().start();
        FusedOps.AdamWStep numbers = new FusedOps.AdamWStep(
                steps, learningRate, settings.beta1(), settings.beta2(), weightDecay, settings.epsilon());
        Memory.tidy(() -> FusedOps.adamW(
                flat.parameters().narrow(0, start, length),
                flat.gradients().narrow(0, start, length),
                mean.narrow(0, offset, length),
                meanSquare.narrow(0, offset, length),
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
     * Gathers one of the moments of all ranks for a checkpoint, in the memory of the gradients, which are lost. All ranks
     * call it together. Call it inside a tidy region, and write the result out before the next step or moment.
     *
     * @param moment which
     * @return the moment of each parameter by its name in a checkpoint, and {@code step}
     */
    public Map<String, Tensor> gathered(Moment moment) {
        InPlace.copy(spread.own(flat.gradients()), memory(moment));
        spread.gather(flat.gradients());
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (String name : flat.names()) {
            state.put(moment.of(name), flat.view(flat.gradients(), name));
        }
        state.put(STEP, Tensors.of(new long[] {steps}));
        return state;
    }

    /**
     * Continues from a checkpoint's moment; to be called for each. The gradients are lost.
     *
     * @param moment which
     * @param state what {@link #gathered} gave for a model of the same shape, with any number of ranks
     */
    public void restore(Moment moment, Map<String, Tensor> state) {
        Memory.tidy(() -> {
            for (String name : flat.names()) {
                Tensor target = flat.view(flat.gradients(), name);
                Tensor source = required(state, moment.of(name));
                if (!Arrays.equals(source.shape(), target.shape())) {
                    throw new IllegalArgumentException("optimiser state " + moment.of(name) + ": found " + source
                            + ", expected " + target + "; it belongs to another model");
                }
                InPlace.copy(target, source);
            }
            InPlace.copy(memory(moment), spread.own(flat.gradients()));
            steps = required(state, STEP).toLongs()[0];
        });
    }

    private Tensor memory(Moment moment) {
        return switch (moment) {
            case EXP_AVG -> mean;
            case EXP_AVG_SQ -> meanSquare;
        };
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
