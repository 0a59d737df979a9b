package org.hone.data.importer.record;

import org.hone.data.preference.Rating;

/**
 * How a set's own numbers become the four-point scale: a distance in favour of the chosen response is rated by the
 * largest bound that it reaches, and negligibly better below them all.
 *
 * @param significantly from here on: significantly better
 * @param better from here on: better
 * @param slightly from here on: slightly better
 */
public record RatingScale(double significantly, double better, double slightly) {
    /**
     * Checks the order of the bounds.
     *
     * @param significantly from here on: significantly better
     * @param better from here on: better
     * @param slightly from here on: slightly better
     */
    public RatingScale {
        if (!(significantly > better && better > slightly)) {
            throw new IllegalArgumentException("bounds of a rating scale fall from significantly to slightly; got "
                    + significantly + ", " + better + ", " + slightly);
        }
    }

    /**
     * Rates a distance.
     *
     * @param distance how far the chosen response is ahead, in the set's own unit
     * @return the rating
     */
    public Rating of(double distance) {
        if (distance >= significantly) {
            return Rating.SIGNIFICANTLY_BETTER;
        }
        if (distance >= better) {
            return Rating.BETTER;
        }
        return distance >= slightly ? Rating.SLIGHTLY_BETTER : Rating.NEGLIGIBLY_BETTER_OR_UNSURE;
    }
}
