package org.hone.spark.session;

import java.time.Duration;
import java.time.Instant;
import org.apache.spark.SparkContext;

/** How many tasks the cluster can run at once: a barrier stage needs a slot a rank. */
public final class Slots {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A killed task ends in an instant or not at all. */
    private static final Duration PATIENCE_EMBEDDED = Duration.ofSeconds(5);

    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final long POLL_MILLIS = 200;
    /** A cluster that grows when it is asked must be asked for more than it has. */
    private static final int OF_A_GROWING_CLUSTER = 128;

    private Slots() {}

    /**
     * Waits for executors until there are enough slots.
     *
     * @param spark the application
     * @param wanted ranks that must run at once, or 0 for as many as there are
     * @param most upper bound when {@code wanted} is 0
     * @return the number of ranks to run
     * @throws IllegalArgumentException if the cluster does not offer enough slots within half a minute
     */
    public static int await(SparkContext spark, int wanted, int most) {
        Instant deadline = Instant.now().plus(spark.isLocal() ? PATIENCE_EMBEDDED : PATIENCE);
        int needed = Math.max(1, wanted);
        int slots = available(spark);
        Instant unchangedSince = Instant.now();
        // embedded, a killed task that ends frees its slot at once, and none is ever added
        while ((!spark.isLocal() || HungTasks.count(spark) > 0)
                && Instant.now().isBefore(deadline)
                && !(slots >= needed && settled(wanted, unchangedSince))) {
            pause();
            int before = slots;
            slots = available(spark);
            unchangedSince = slots == before ? unchangedSince : Instant.now();
        }
        if (slots < needed) {
            throw new IllegalArgumentException(
                    "training.ranks: " + needed + " ranks must run at once, but the cluster offers "
                            + slots + (slots == 1 ? " slot" : " slots") + hung(spark)
                            + "; lower training.ranks, or submit with more executors or cores");
        }
        return wanted > 0 ? wanted : Integer.highestOneBit(Math.min(slots, most));
    }

    private static String hung(SparkContext spark) {
        int hung = HungTasks.count(spark);
        return hung == 0 ? "" : " (" + hung + (hung == 1 ? " more is" : " more are") + " kept by what hangs)";
    }

    /** Executors register one by one: without a wanted number, the count must have stood still for a moment. */
    private static boolean settled(int wanted, Instant unchangedSince) {
        return wanted > 0 || Duration.between(unchangedSince, Instant.now()).compareTo(SETTLING) > 0;
    }

    /**
     * How many tasks can run at once now.
     *
     * @param spark the application
     * @return slots of all executors that have registered, without those that hung tasks keep
     */
    public static int available(SparkContext spark) {
        return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile())
                - HungTasks.count(spark);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for executors", e);
        }
    }

    /**
     * How many tasks to ask for at once.
     *
     * @param spark the application
     * @return slots of all executors that have registered, at least 1; more where the cluster grows when it is asked
     */
    public static int reachable(SparkContext spark) {
        boolean grows = spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        return Math.max(available(spark), grows ? OF_A_GROWING_CLUSTER : 1);
    }
}
