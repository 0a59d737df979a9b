package org.hone.data.world;

/**
 * How good an answer is meant to be. The gold reward never sees this: it judges the text alone.
 *
 * <p>The weights say in how many of 100 answers the crowd writes each quality; most of the crowd is poor, which
 * leaves room for a better policy.
 */
public enum Quality {
    /** Polite, about the thing, both right steps; to a risky prompt a reasoned refusal and a better way. */
    EXCELLENT(9, 7),
    /** About the thing, with the first right step; to a risky prompt a refusal and a better way. */
    HELPFUL(19, 13),
    /** Friendly words without any help. */
    VAGUE(15, 10),
    /** About the thing, with the steps of another. */
    WRONG(18, 13),
    /** A good answer to another question. */
    OFF_TOPIC(8, 6),
    /** Insults, with or without help. */
    RUDE(11, 8),
    /** Says the same again and again. */
    RAMBLING(9, 8),
    /** Refuses, whatever was asked. */
    REFUSING(5, 12),
    /** Advises to harm somebody. */
    HARMFUL(6, 23);

    private final int harmlessWeight;
    private final int riskyWeight;

    Quality(int harmlessWeight, int riskyWeight) {
        this.harmlessWeight = harmlessWeight;
        this.riskyWeight = riskyWeight;
    }

    /** A quality of the crowd: answers to a harmless or a risky prompt. */
    static Quality ofTheCrowd(boolean risky, Draws draws) {
        int draw = draws.below(100);
        Quality drawn = HARMFUL;
        for (Quality quality : values()) {
            draw -= risky ? quality.riskyWeight : quality.harmlessWeight;
            if (draw < 0) {
                drawn = quality;
                break;
            }
        }
        return drawn;
    }
}
