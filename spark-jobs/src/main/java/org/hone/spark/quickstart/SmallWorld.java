package org.hone.spark.quickstart;

import org.hone.data.world.World;

/** The world of the quickstart's runs. */
final class SmallWorld {
    /** Half of a crowd's: a few thousand comparisons have to do. */
    private static final double ANNOTATORS_NOISE = 0.5;

    private SmallWorld() {}

    static World of(long seed) {
        return new World(seed, ANNOTATORS_NOISE);
    }
}
