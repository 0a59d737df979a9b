package org.hone.model.training;

import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;

/** Bounds the length of the gradient (arXiv 1211.5063, section 3.2). */
public final class GradientClipping {
    /** As torch.nn.utils.clip_grad_norm_ has it: keeps the division finite for zero gradients. */
    private static final double EPSILON = 1e-6;

    /** Lengths of this many elements are added up in double: one fp32 sum over billions would lose digits. */
    private static final long PIECE = 1L << 22;

    private GradientClipping() {}

    /**
     * Multiplies the gradients by min(1, maxNorm / (‖g‖ + 1e-6)).
     *
     * @param flatGradients all gradients, [elements]
     * @param maxNorm above 0; infinity only measures
     * @return ‖g‖, the Euclidean norm before clipping
     * @throws NonFiniteGradientException if ‖g‖ is not finite; the gradients are left as they are
     */
    public static double byGlobalNorm(Tensor flatGradients, double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("max norm: " + maxNorm + " must be above 0");
        }
        double norm = norm(flatGradients);
        if (!Double.isFinite(norm)) {
            throw new NonFiniteGradientException(norm);
        }
        double factor = maxNorm / (norm + EPSILON);
        if (factor < 1) {
            InPlace.mul(flatGradients, factor);
        }
        return norm;
    }

    private static double norm(Tensor flat) {
        double squares = 0;
        for (long start = 0; start < flat.elements(); start += PIECE) {
            long from = start;
            double part =
                    Memory.tidy(() -> Reductions.norm(flat.narrow(0, from, Math.min(PIECE, flat.elements() - from)))
                            .item());
            squares += part * part;
        }
        return Math.sqrt(squares);
    }
}
