package org.hone.spark.evaluation;

/** What stands beside a figure: judges that have read nothing. */
public final class Baselines {
    /** The longer response (in characters) is better; at the gate: as many responses as the model flags, the longest. */
    public static final String LONGER = "longer";
    /** The shorter response is better; at the gate: as many responses as the model flags, the shortest. */
    public static final String SHORTER = "shorter";
    /** A coin; at the gate: as many responses as the model flags, any of them. */
    public static final String CHANCE = "chance";
    /** Whatever label is more frequent, for all. Of two responses without an order neither is, so it is a coin there. */
    public static final String MAJORITY = "majority";

    private Baselines() {}
}
