package org.hone.data.importer.hh;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;

/**
 * A dialogue as HH-RLHF writes it: every turn is two line feeds, {@code Human:} or {@code Assistant:}, a space and the
 * text. Only that is a mark; {@code Human:} within a line is text. The one space after the mark belongs to
 * the mark; everything else of the text is kept, white space at its end too.
 *
 * @param start the transcript's first characters, for a report
 * @param turns the turns; empty when the transcript does not begin with Human's mark
 */
record Transcript(String start, List<Turn> turns) {
    private static final Pattern MARK = Pattern.compile("\n\n(Human|Assistant):");
    private static final int REPORTED = 40;

    Transcript {
        turns = List.copyOf(turns);
    }

    static Transcript of(String text) {
        List<Turn> turns = new ArrayList<>();
        Matcher mark = MARK.matcher(text);
        boolean found = mark.lookingAt() && mark.group(1).equals("Human");
        while (found) {
            Role role = mark.group(1).equals("Human") ? Role.USER : Role.ASSISTANT;
            int from = mark.end();
            found = mark.find();
            String turn = text.substring(from, found ? mark.start() : text.length());
            turns.add(new Turn(role, turn.startsWith(" ") ? turn.substring(1) : turn));
        }
        String shown = text.substring(
                0, text.offsetByCodePoints(0, Math.min(REPORTED, text.codePointCount(0, text.length()))));
        return new Transcript(
                turns.isEmpty()
                        ? "begins with '" + shown.replace("\n", "\\n") + "', expected '\\n\\nHuman:'"
                        : "has a turn of Human and no other",
                turns);
    }

    List<Turn> context() {
        return turns.subList(0, turns.size() - 1);
    }

    Turn last() {
        return turns.get(turns.size() - 1);
    }

    /** What breaks the alternation that ends with the assistant, or nothing. */
    String disorder() {
        for (int i = 1; i < turns.size(); i++) {
            if (turns.get(i).role() == turns.get(i - 1).role()) {
                return "turns " + i + " and " + (i + 1) + " of " + turns.size() + " are both " + name(turns.get(i));
            }
        }
        return last().role() == Role.ASSISTANT ? "" : "the last turn is Human's";
    }

    /** Where two contexts that are not equal part. */
    String difference(Transcript other) {
        int shared = 0;
        while (shared < Math.min(context().size(), other.context().size())
                && turns.get(shared).equals(other.turns.get(shared))) {
            shared++;
        }
        return "the first " + shared + " turns are the same; chosen has " + turns.size() + " turns and ends with "
                + name(last()) + ", rejected has " + other.turns.size() + " and ends with " + name(other.last());
    }

    private static String name(Turn turn) {
        return turn.role() == Role.USER ? "Human" : "Assistant";
    }
}
