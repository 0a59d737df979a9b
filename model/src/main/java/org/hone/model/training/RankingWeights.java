package org.hone.model.training;

/**
 * What each part of a reward model's loss counts. The loss of a microbatch is
 * Σ_pairs [−ln σ(r_c − r_r − m) + centering · (r_c + r_r)² + prefixes · P] + safety · Σ_labelled −ln σ(±z), and P a pair's
 * {@link org.hone.model.loss.PrefixRanking}.
 *
 * @param centering of the squared sum of a pair's rewards; 0 for none
 * @param safety of one labelled response beside one pair; 0 for none
 * @param prefixes of the ranking of what the responses begin with; 0 for none
 */
public record RankingWeights(double centering, double safety, double prefixes) {
    /** The ranking loss alone. */
    public static final RankingWeights RANKING_ALONE = new RankingWeights(0, 0, 0);

    /**
     * Checks the weights.
     *
     * @param centering at least 0
     * @param safety at least 0
     * @param prefixes at least 0
     */
    public RankingWeights {
        if (!(centering >= 0) || !(safety >= 0) || !(prefixes >= 0)) {
            throw new IllegalArgumentException("centering " + centering + ", safety " + safety + " and prefixes "
                    + prefixes + " must be at least 0");
        }
    }
}
