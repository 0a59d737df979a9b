package org.hone.data.dialogue;

import java.util.List;

/**
 * A prompt with all its earlier turns: an optional system message, then user and assistant in
 * alternation, ending with the user's turn that waits for a response.
 *
 * @param turns the turns, oldest first
 */
public record Dialogue(List<Turn> turns) {
    /**
     * Checks the alternation.
     *
     * @param turns the turns, oldest first
     */
    public Dialogue {
        turns = List.copyOf(turns);
        int first = !turns.isEmpty() && turns.get(0).role() == Role.SYSTEM ? 1 : 0;
        if ((turns.size() - first) % 2 == 0) {
            throw new IllegalArgumentException("a dialogue ends with the user's turn; got " + turns.size()
                    + " turns, the last of them "
                    + (turns.isEmpty() ? "absent" : turns.get(turns.size() - 1).role()));
        }
        for (int i = first; i < turns.size(); i++) {
            Role expected = (i - first) % 2 == 0 ? Role.USER : Role.ASSISTANT;
            if (turns.get(i).role() != expected) {
                throw new IllegalArgumentException("turn " + (i + 1) + " of the dialogue: expected " + expected
                        + ", got " + turns.get(i).role() + "; user and assistant take turns");
            }
        }
    }

    /**
     * A dialogue of one user turn.
     *
     * @param text the user's text
     * @return the dialogue
     */
    public static Dialogue ofUser(String text) {
        return new Dialogue(List.of(new Turn(Role.USER, text)));
    }

    /**
     * The first user turn: all continuations of one conversation share it, so a split by it never
     * puts a conversation on both sides.
     *
     * @return its text
     */
    public String firstUserTurn() {
        return turns.get(turns.get(0).role() == Role.SYSTEM ? 1 : 0).text();
    }
}
