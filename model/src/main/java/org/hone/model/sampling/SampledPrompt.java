package org.hone.model.sampling;

import java.util.List;

/**
 * A request that was met.
 *
 * @param key the request's
 * @param completions one a draw, in their order; empty ones if the prompt alone fills the context
 * @param <T> the kind of key
 */
public record SampledPrompt<T>(T key, List<Completion> completions) {}
