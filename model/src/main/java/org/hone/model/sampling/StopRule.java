package org.hone.model.sampling;

/**
 * What ends a response besides EOS and its length, such as a text that must not go on. It is asked from several responses in
 * turn, and again if one is begun anew: a response that depends on nothing else needs a rule that remembers nothing.
 */
@FunctionalInterface
public interface StopRule {
    /** Nothing does. */
    StopRule NEVER = (ids, length) -> false;

    /**
     * Looks at a response after every token.
     *
     * @param ids its tokens, and room behind them; not to be changed or kept
     * @param length how many tokens there are
     * @return whether the newest is its last
     */
    boolean stops(int[] ids, int length);
}
