package org.hone.data.importer.record;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.QuarantineReason;

/** Dialogues of what a record holds, refused where {@link Dialogue} would throw. */
public final class Prompts {
    private Prompts() {}

    /**
     * A prompt of turns.
     *
     * @param turns the turns, oldest first
     * @return the prompt
     * @throws Refusal NOT_A_DIALOGUE if user and assistant do not take turns up to the user's last one
     */
    public static Dialogue of(List<Turn> turns) throws Refusal {
        int first = !turns.isEmpty() && turns.get(0).role() == Role.SYSTEM ? 1 : 0;
        for (int i = first; i < turns.size(); i++) {
            Role expected = (i - first) % 2 == 0 ? Role.USER : Role.ASSISTANT;
            if (turns.get(i).role() != expected) {
                throw new Refusal(
                        QuarantineReason.NOT_A_DIALOGUE,
                        "turn " + (i + 1) + " of " + turns.size() + " is "
                                + turns.get(i).role() + ", expected " + expected);
            }
        }
        if ((turns.size() - first) % 2 == 0) {
            throw new Refusal(
                    QuarantineReason.NOT_A_DIALOGUE,
                    "the prompt has " + turns.size() + " turns and does not end with one of USER");
        }
        return new Dialogue(turns);
    }

    /**
     * An instruction and what it is about, as one user turn with a blank line between them.
     *
     * @param instruction the instruction
     * @param input what it is about; may be blank
     * @return the prompt
     */
    public static Dialogue ofTask(String instruction, String input) {
        return Dialogue.ofUser(input.isBlank() ? instruction : instruction + "\n\n" + input);
    }

    /**
     * A list of messages: {@code role} and {@code content}, or ShareGPT's {@code from} and {@code value}. A system
     * message without text says nothing and is left out.
     *
     * @param messages the list
     * @return the turns
     * @throws Refusal if a message has other fields, or a role that is none of system, user and assistant
     */
    public static List<Turn> messages(Field messages) throws Refusal {
        List<Turn> turns = new ArrayList<>();
        for (Field message : messages.items()) {
            boolean share = !message.has("role") && message.has("from");
            Role role = role(message.at(share ? "from" : "role"));
            String text = message.text(share ? "value" : "content");
            if (role != Role.SYSTEM || !text.isBlank()) {
                turns.add(new Turn(role, text));
            }
        }
        return turns;
    }

    /**
     * Refuses a prompt of which a turn has no text.
     *
     * @param prompt the prompt
     * @throws Refusal EMPTY_TURN
     */
    static void requireText(Dialogue prompt) throws Refusal {
        List<Turn> turns = prompt.turns();
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).text().isBlank()) {
                throw new Refusal(
                        QuarantineReason.EMPTY_TURN,
                        "turn " + (i + 1) + " of " + turns.size() + " ("
                                + turns.get(i).role() + ") is empty");
            }
        }
    }

    private static Role role(Field role) throws Refusal {
        return switch (role.text()) {
            case "system" -> Role.SYSTEM;
            case "user", "human", "prompter" -> Role.USER;
            case "assistant", "gpt", "chatgpt", "model", "bot" -> Role.ASSISTANT;
            default ->
                throw role.unknown("system, user (or human, prompter) or assistant (or gpt, chatgpt, model, bot)");
        };
    }
}
