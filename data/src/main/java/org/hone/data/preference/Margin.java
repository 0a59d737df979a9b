package org.hone.data.preference;

import org.jspecify.annotations.Nullable;

/**
 * The margin m(r) of the ranking loss −log σ(r_θ(x, y_c) − r_θ(x, y_r) − m(r)) by the rating r (arXiv 2307.09288,
 * section 3.2.2 and table 27): the surer the annotator was, the further apart the rewards shall be. In the unit of the
 * reward, which is a logit.
 */
public enum Margin {
    /** No margin: every pair counts alike. */
    NONE(0, 0, 0, 0),
    /** 1, 2/3, 1/3, 0. */
    SMALL(1, 2 / 3f, 1 / 3f, 0),
    /** 3, 2, 1, 0. */
    LARGE(3, 2, 1, 0),
    /** The number that the data gives with each pair; 0 where it gives none. Ratings do not count. */
    GIVEN(0, 0, 0, 0);

    private final float significantlyBetter;
    private final float better;
    private final float slightlyBetter;
    private final float negligiblyBetter;

    Margin(float significantlyBetter, float better, float slightlyBetter, float negligiblyBetter) {
        this.significantlyBetter = significantlyBetter;
        this.better = better;
        this.slightlyBetter = slightlyBetter;
        this.negligiblyBetter = negligiblyBetter;
    }

    /**
     * The margin of a pair.
     *
     * @param pair the comparison
     * @return the margin by its rating, or the given one
     */
    public float of(PreferencePair pair) {
        if (this == GIVEN) {
            return pair.margin() == null ? 0 : pair.margin();
        }
        return of(pair.rating());
    }

    /**
     * The margin of a rating.
     *
     * @param rating how much better the chosen response is; null when the source does not say, as in HH-RLHF
     * @return the margin; 0 for an absent rating, since nothing is known to be far apart
     */
    public float of(@Nullable Rating rating) {
        if (rating == null) {
            return 0;
        }
        return switch (rating) {
            case SIGNIFICANTLY_BETTER -> significantlyBetter;
            case BETTER -> better;
            case SLIGHTLY_BETTER -> slightlyBetter;
            case NEGLIGIBLY_BETTER_OR_UNSURE -> negligiblyBetter;
        };
    }
}
