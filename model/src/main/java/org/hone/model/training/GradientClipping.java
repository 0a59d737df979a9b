package org.hone.model.training;

import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;

/** Bounds the length of the gradient (arXiv 1211.5063, section 3.2). */
public final class GradientClipping {
    /** As torch.nn.utils.clip_grad_norm_ has it: keeps the division finite for zero gradients. */
    private static final double EPSILON = 1e-6;

    private GradientClipping() {}

    /**
     * Multiplies the gradients of this rank's part by min(1, maxNorm / (‖g‖ + 1e-6)).
     *
     * @param spread where this rank's part of the gradients is
     * @param flatGradients all gradients, [elements]; outside the part they may be anything
     * @param maxNorm above 0; infinity only measures
     * @return ‖g‖, the Euclidean norm of the gradients of all ranks before clipping, the same bits for any number of them
     * @throws NonFiniteGradientException if ‖g‖ is not finite; the gradients are left as they are
     */
    public static double byGlobalNorm(Spread spread, Tensor flatGradients, double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("max norm: " + maxNorm + " must be above 0");
        }
        double norm = norm(spread, flatGradients);
        if (!Double.isFinite(norm)) {
            throw new NonFiniteGradientException(norm);
        }
        double factor = maxNorm / (norm + EPSILON);
        if (factor < 1) {
            Memory.tidy(() -> {
                InPlace.mul(spread.own(flatGradients), factor);
            });
        }
        return norm;
    }

    /** Every block is in one rank's part, and blocks are added up in one order: the ranks decide who does it alone. */
    private static double norm(Spread spread, Tensor flat) {
        double[] squares = new double[spread.blocks()];
        for (long start = spread.part().start(); start < spread.part().end(); start += spread.block()) {
            long from = start;
            long length = Math.min(spread.block(), spread.part().end() - start);
            double norm = Memory.tidy(
                    () -> Reductions.norm(flat.narrow(0, from, length)).item());
            squares[Math.toIntExact(start / spread.block())] = norm * norm;
        }
        double sum = 0;
        for (double square : spread.sumOverRanks(squares)) {
            sum += square;
        }
        return Math.sqrt(sum);
    }
}
