package org.hone.data.curation;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How many rows of two sides make a mixture in which the second side has a given share, exact to the row: of a first
 * rows the second side gives a · s / (1 − s), rounded to the nearest whole number, halves up.
 *
 * @param first rows of the side that is wanted whole
 * @param second rows of the side that is drawn from
 */
public record Proportion(long first, long second) {
    /** What happens when the second side has too few rows. */
    public enum Shortage {
        /** The first side gives fewer rows too, as many as keep the proportion. */
        SHRINK,
        /** The first side stays whole, and the second side's share is smaller than wished. */
        KEEP
    }

    /**
     * Computes the draw.
     *
     * @param available rows that there are
     * @param share the second side's wished share of the mixture, above 0 and below 1, taken as the decimal it is
     *     written as
     * @param shortage what to do when the second side is too small
     * @return rows to draw of each
     */
    public static Proportion of(Proportion available, double share, Shortage shortage) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "share of a mixture's second side: got " + share + ", expected above 0 and below 1");
        }
        BigDecimal part = new BigDecimal(Double.toString(share));
        BigInteger s = part.unscaledValue();
        BigInteger rest = BigInteger.TEN.pow(part.scale()).subtract(s);
        BigInteger all = BigInteger.valueOf(available.first);
        BigInteger wished = nearest(all.multiply(s), rest);
        if (wished.compareTo(BigInteger.valueOf(available.second)) <= 0) {
            return new Proportion(available.first, wished.longValueExact());
        }
        return switch (shortage) {
            case KEEP -> available;
            case SHRINK -> {
                // the most a with a·s/rest + 1/2 < second + 1, that is 2·a·s < (2·second + 1)·rest
                BigInteger bound =
                        BigInteger.valueOf(available.second).shiftLeft(1).add(BigInteger.ONE);
                BigInteger most = bound.multiply(rest).subtract(BigInteger.ONE).divide(s.shiftLeft(1));
                long first = most.min(all).longValueExact();
                yield new Proportion(
                        first,
                        nearest(BigInteger.valueOf(first).multiply(s), rest).longValueExact());
            }
        };
    }

    /** The whole number nearest to a fraction, halves up. */
    private static BigInteger nearest(BigInteger numerator, BigInteger denominator) {
        return numerator.shiftLeft(1).add(denominator).divide(denominator.shiftLeft(1));
    }
}
