package org.hone.spark.evaluation;

/**
 * A 95 % confidence interval. Observations count as independent of each other.
 *
 * @param low lower end
 * @param high upper end
 */
public record Interval(double low, double high) {
    /** Quantile of the standard normal distribution at 0.975. */
    private static final double Z = 1.959963984540054;

    /**
     * Wilson's score interval for a share (E. B. Wilson, 1927):
     *
     * <pre>(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n),   p = successes / n</pre>
     *
     * <p>Unlike p ± z √(p(1−p)/n) it stays within 0 and 1, and holds for few observations and for shares near the ends.
     *
     * @param successes how many; a tie may count half
     * @param observations of how many, above 0
     * @return the interval
     */
    public static Interval wilson(double successes, long observations) {
        double n = observations;
        double p = successes / n;
        double centre = p + Z * Z / (2 * n);
        double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        double scale = 1 + Z * Z / n;
        return new Interval(Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale));
    }

    /**
     * The normal interval of a mean: mean ± z · standard error.
     *
     * @param mean the mean
     * @param standardError its standard error; NaN if nothing is known of it, and the ends are NaN then
     * @return the interval
     */
    public static Interval ofMean(double mean, double standardError) {
        return new Interval(mean - Z * standardError, mean + Z * standardError);
    }

    /**
     * Fisher's interval for Pearson's correlation: tanh(artanh r ± z / √(n − 3)).
     *
     * @param correlation r, between −1 and 1
     * @param observations pairs of values, above 3
     * @return the interval
     */
    public static Interval fisher(double correlation, long observations) {
        double half = Z / Math.sqrt(observations - 3.0);
        double centre = 0.5 * (Math.log1p(correlation) - Math.log1p(-correlation));
        return new Interval(Math.tanh(centre - half), Math.tanh(centre + half));
    }

    /** {@return half of its width} */
    public double halfWidth() {
        return (high - low) / 2;
    }
}
