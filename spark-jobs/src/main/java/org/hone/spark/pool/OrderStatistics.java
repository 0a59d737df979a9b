package org.hone.spark.pool;

/**
 * What the best, or the median, of N responses would be, from K ≥ N that were scored: the mean over all subsets of N. Unlike the
 * best of the first N it wastes no score, and is unbiased: every subset is as good a draw as another. The i-th smallest of K is
 * the j-th smallest of a subset with probability C(i−1, j−1) · C(K−i, N−j) / C(K, N).
 */
public final class OrderStatistics {
    private final double[] sorted;
    private final double[] logFactorials;

    /**
     * Of one prompt's rewards.
     *
     * @param ascending its rewards, smallest first; at least one
     */
    public OrderStatistics(double[] ascending) {
        if (ascending.length == 0) {
            throw new IllegalArgumentException("a prompt without rewards has no best one");
        }
        this.sorted = ascending.clone();
        this.logFactorials = new double[sorted.length + 1];
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && !(sorted[i] >= sorted[i - 1])) {
                throw new IllegalArgumentException(
                        "reward " + i + ": " + sorted[i] + " after " + sorted[i - 1] + "; they must ascend");
            }
            logFactorials[i + 1] = logFactorials[i] + Math.log(i + 1.0);
        }
    }

    /**
     * The expected best of N.
     *
     * @param n from 1 to K
     * @return E[max]
     */
    public double max(int n) {
        return expected(n, n);
    }

    /**
     * The expected median of N: the middle one, or half way between the two in the middle.
     *
     * @param n from 1 to K
     * @return E[median]
     */
    public double median(int n) {
        return (expected(n, (n + 1) / 2) + expected(n, n / 2 + 1)) / 2;
    }

    private double expected(int n, int rank) {
        int k = sorted.length;
        if (n < 1 || n > k) {
            throw new IllegalArgumentException("the best of " + n + " of " + k + " responses is not known");
        }
        double sum = 0;
        for (int i = rank; i <= k - n + rank; i++) {
            sum += sorted[i - 1] * Math.exp(logChoose(i - 1, rank - 1) + logChoose(k - i, n - rank) - logChoose(k, n));
        }
        return sum;
    }

    private double logChoose(int n, int k) {
        return logFactorials[n] - logFactorials[k] - logFactorials[n - k];
    }
}
