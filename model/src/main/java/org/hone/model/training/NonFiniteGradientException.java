package org.hone.model.training;

import java.io.Serial;

/** A gradient is infinite or not a number: training must stop before the weights are spoilt. */
public final class NonFiniteGradientException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * A norm that is no number to divide by.
     *
     * @param norm infinite or NaN
     */
    public NonFiniteGradientException(double norm) {
        super("the gradient's norm is " + norm + "; the weights were not changed. Lower the learning rate, and look at"
                + " this step's batch");
    }
}
