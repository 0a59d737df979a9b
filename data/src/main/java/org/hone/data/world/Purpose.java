package org.hone.data.world;

/** What a prompt is drawn for; each purpose has prompts that no other has. */
enum Purpose {
    /** An example of supervised fine-tuning. */
    SFT(0),
    /** A preference. */
    PREFERENCE(1),
    /** A prompt to sample responses to. */
    SAMPLING(2),
    /** A document of the base model. */
    DOCUMENT(3),
    /** A prompt kept for evaluation. */
    HELD_OUT(4);

    /** How many purposes share the prompts that are not held out; their places are 0 to this, exclusive. */
    static final int TRAINING_PURPOSES = 4;

    /** Part of every seed: it must never change, or each item of the world would. */
    final int place;

    Purpose(int place) {
        this.place = place;
    }
}
