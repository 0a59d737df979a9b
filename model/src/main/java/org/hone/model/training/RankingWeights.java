package org.hone.model.training;

/**
 * What each part of a reward model's loss counts. The loss of a microbatch is
 * Σ_pairs [−ln σ(r_c − r_r − m) + centering · (r_c + r_r)²] + safety · Σ_labelled −ln σ(±z).
 *
 * @param centering of the squared sum of a pair's rewards; 0 for none
 * @param safety of one labelled response beside one pair; 0 for none
 */
public record RankingWeights(double centering, double safety) {
    /** The ranking loss alone. */
    public static final RankingWeights RANKING_ALONE = new RankingWeights(0, 0);

    /**
     * Checks the weights.
     *
     * @param centering at least 0
     * @param safety at least 0
     */
    public RankingWeights {
        if (!(centering >= 0) || !(safety >= 0)) {
            throw new IllegalArgumentException(
                    "centering " + centering + " and safety " + safety + " must be at least 0");
        }
    }
}
