package org.hone.data.world;

/**
 * Deals all meanings to the purposes, each to exactly one, in an order that looks random.
 *
 * <p>Index i belongs to topic i mod 8, and within the topic to place i div 8 of the purpose. A Feistel network
 * of four rounds over 16 bits, walked until it falls inside the range, permutes a topic's meanings; the first tenth of the
 * permuted order is held out, the rest is dealt in turn to the other purposes. As a permutation meets every
 * meaning once, no prompt comes twice, and none stands on both sides.
 */
final class PromptOrder {
    private static final int ROUNDS = 4;

    private final long seed;
    private final int meanings = Meaning.countPerTopic();
    private final int heldOut = meanings / 10;

    PromptOrder(long seed) {
        this.seed = seed;
        if (meanings > 1 << 16) {
            throw new IllegalStateException(
                    "the permutation covers 65536 meanings a topic; the grammar has " + meanings);
        }
    }

    /** How many prompts a purpose has. */
    long count(Purpose purpose) {
        int places = purpose == Purpose.HELD_OUT ? heldOut : (meanings - heldOut) / Purpose.TRAINING_PURPOSES;
        return (long) places * Grammar.TOPICS.size();
    }

    /** The meaning at an index below {@link #count}. */
    Meaning at(Purpose purpose, long index) {
        int topic = (int) (index % Grammar.TOPICS.size());
        int place = (int) (index / Grammar.TOPICS.size());
        int dealt = purpose == Purpose.HELD_OUT ? place : heldOut + place * Purpose.TRAINING_PURPOSES + purpose.place;
        return Meaning.at(Grammar.TOPICS.get(topic), permuted(topic, dealt));
    }

    private int permuted(int topic, int number) {
        int walked = number;
        do {
            walked = feistel(topic, walked);
        } while (walked >= meanings);
        return walked;
    }

    private int feistel(int topic, int number) {
        int left = number >>> 8;
        int right = number & 0xff;
        for (int round = 0; round < ROUNDS; round++) {
            long key = Draws.mix(seed) + ((long) topic << 16) + ((long) round << 8) + right;
            int swapped = left ^ (int) (Draws.mix(key) & 0xff);
            left = right;
            right = swapped;
        }
        return left << 8 | right;
    }
}
