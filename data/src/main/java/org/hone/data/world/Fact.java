package org.hone.data.world;

/**
 * What the world holds to be true of one thing: the two steps that help.
 *
 * @param key the word of the prompt that decides which steps are right
 * @param first the first right step, a phrase without punctuation that no other fact shares
 * @param second the second right step, likewise
 */
record Fact(String key, String first, String second) {}
