package org.hone.model.sampling;

/**
 * One response that is wanted.
 *
 * @param seed the token at position t of the response is a function of the policy, the prompt, the settings, the seed and t
 * @param settings how tokens are drawn
 */
public record Draw(long seed, SamplingSettings settings) {}
