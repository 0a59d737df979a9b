package org.hone.spark.pool;

import java.io.Serializable;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.special.Erf;

/**
 * What more samples of a prompt are expected to add to its best reward: E[max(0, max(X₁…Xₘ) − best)], the expected improvement of
 * Bayesian optimisation (J. Močkus, 1975), for rewards that are normal within a prompt.
 *
 * <p>A few samples say little about how far a prompt's rewards spread, so its variance is drawn towards that of all prompts, which
 * counts as much as {@value #PRIOR_SAMPLES} samples; and as little about their mean, whose own error widens what is foreseen.
 *
 * @param pooledVariance variance of the rewards within a prompt, over all prompts
 */
public record ExpectedImprovement(double pooledVariance) implements Serializable {
    static final double PRIOR_SAMPLES = 4;

    /** Beyond so many deviations over best and mean nothing is left of the integral. */
    private static final double REACH = 9;

    private static final int NODES = 96;
    private static final GaussIntegratorFactory QUADRATURE = new GaussIntegratorFactory();

    /**
     * Refuses what is no variance.
     *
     * @param pooledVariance variance of the rewards within a prompt, over all prompts
     */
    public ExpectedImprovement {
        if (!(pooledVariance >= 0)) {
            throw new IllegalArgumentException("variance " + pooledVariance + ": expected at least 0");
        }
    }

    /**
     * The expected improvement.
     *
     * @param rewards what the prompt's samples got
     * @param more how many more are drawn, 0 or more
     * @return in units of reward, at least 0
     */
    double of(Rewards rewards, int more) {
        double variance = (PRIOR_SAMPLES * pooledVariance + rewards.squares())
                / (PRIOR_SAMPLES + rewards.count() - 1)
                * (1 + 1.0 / rewards.count());
        double deviation = Math.sqrt(variance);
        double ahead = rewards.best() - rewards.mean();
        return deviation == 0 || more == 0 ? 0 : deviation * standard(ahead / deviation, more);
    }

    /** E[max(0, max of m standard normal draws − z)] = ∫ 1 − Φ(x)ᵐ dx from z on. */
    private static double standard(double z, int m) {
        return QUADRATURE.legendre(NODES, z, Math.max(z, 0) + REACH).integrate(x -> missed(x, m));
    }

    /** Probability that one of m draws is above x, exact where it is small. */
    private static double missed(double x, int m) {
        return -Math.expm1(m * Math.log1p(-0.5 * Erf.erfc(x / Math.sqrt(2))));
    }
}
