package org.hone.data.world;

/**
 * One term of the gold reward of a response.
 *
 * @param name the term, as the table of {@link GoldReward} names it
 * @param value what it adds to the reward, negative for a fault
 */
public record GoldTerm(String name, double value) {}
