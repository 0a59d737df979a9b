package org.hone.spark.tokenise;

import java.io.Serializable;
import org.hone.data.dialogue.Dialogue;
import org.hone.model.random.CounterRandom;
import org.hone.model.random.Seeds;

/**
 * The split into training and held-out conversations: a hash of the seed and the first user turn, so all
 * continuations of a conversation, from whatever source, are on one side, in every run.
 *
 * @param seed the recipe's seed
 * @param heldOutFraction expected share of held-out conversations
 */
public record Split(long seed, double heldOutFraction) implements Serializable {
    /** Holds nothing out. */
    public static final Split NONE = new Split(0, 0);

    private static final long SALT = Seeds.hash("held-out split");

    /**
     * Whether a conversation is held out.
     *
     * @param dialogue any dialogue of the conversation
     * @return whether nothing may be trained on it
     */
    public boolean isHeldOut(Dialogue dialogue) {
        long key = Seeds.mix(seed, SALT, Seeds.hash(dialogue.firstUserTurn()));
        return new CounterRandom(key).uniform(0) < heldOutFraction;
    }
}
