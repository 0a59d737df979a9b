package org.hone.data.curation;

import java.io.Serializable;
import java.util.Optional;

/**
 * Bounds on a row's size.
 *
 * @param prompt characters of all turns together
 * @param response characters of each response
 * @param document characters of a document
 * @param mostTurns turns of the prompt, the system message among them
 */
public record TextLimits(Range prompt, Range response, Range document, int mostTurns) implements Serializable {
    /** No bounds. */
    public static final TextLimits NONE = new TextLimits(Range.ANY, Range.ANY, Range.ANY, Integer.MAX_VALUE);

    /**
     * Allowed numbers of characters, both ends among them.
     *
     * @param least fewest
     * @param most most
     */
    public record Range(int least, int most) implements Serializable {
        /** Any number. */
        public static final Range ANY = new Range(0, Integer.MAX_VALUE);

        private Optional<Finding> check(RemovalRule rule, long characters) {
            if (characters < least) {
                return Optional.of(new Finding(rule, characters + " characters, fewer than " + least));
            }
            return characters > most
                    ? Optional.of(new Finding(rule, characters + " characters, more than " + most))
                    : Optional.empty();
        }
    }

    Optional<Finding> check(RowContent row) {
        long characters = 0;
        int turns = 0;
        for (Passage passage : row.passages()) {
            characters += passage.kind().isPrompt() ? passage.text().length() : 0;
            turns += passage.kind().isPrompt() ? 1 : 0;
        }
        Optional<Finding> found = turns == 0 ? Optional.empty() : prompt.check(RemovalRule.PROMPT_LENGTH, characters);
        for (Passage passage : row.passages()) {
            found = found.or(() -> check(passage));
        }
        if (found.isEmpty() && turns > mostTurns) {
            return Optional.of(new Finding(RemovalRule.TURNS, turns + " turns, more than " + mostTurns));
        }
        return found;
    }

    private Optional<Finding> check(Passage passage) {
        int characters = passage.text().length();
        return switch (passage.kind()) {
            case SYSTEM, USER, ASSISTANT -> Optional.empty();
            case CHOSEN, REJECTED, RESPONSE -> response.check(RemovalRule.RESPONSE_LENGTH, characters);
            case DOCUMENT -> document.check(RemovalRule.DOCUMENT_LENGTH, characters);
        };
    }
}
