package org.hone.data.importer.hh;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;

/**
 * A dialogue as HH-RLHF writes it: every turn is two line feeds, {@code Human:} or {@code Assistant:}, a space and the
 * text. Only that is a mark; {@code Human:} within a line is text. The one space after the mark belongs to
 * the mark; everything else of the text is kept, white space at its end too.
 *
 * @param text the whole transcript
 * @param turns the turns; empty when the transcript does not begin with Human's mark
 */
record Transcript(String text, List<Turn> turns) {
    private static final String HUMAN = "\n\nHuman:";
    private static final String ASSISTANT = "\n\nAssistant:";
    private static final int REPORTED = 40;

    Transcript {
        turns = List.copyOf(turns);
    }

    static Transcript of(String text) {
        List<Turn> turns = new ArrayList<>();
        int mark = text.startsWith(HUMAN) ? 0 : -1;
        while (mark >= 0) {
            boolean human = text.startsWith(HUMAN, mark);
            int from = mark + (human ? HUMAN : ASSISTANT).length();
            mark = nextMark(text, from);
            int to = mark < 0 ? text.length() : mark;
            int start = from < to && text.charAt(from) == ' ' ? from + 1 : from;
            turns.add(new Turn(human ? Role.USER : Role.ASSISTANT, text.substring(start, to)));
        }
        return new Transcript(text, turns);
    }

    private static int nextMark(String text, int from) {
        int mark = text.indexOf("\n\n", from);
        while (mark >= 0 && !text.startsWith(HUMAN, mark) && !text.startsWith(ASSISTANT, mark)) {
            mark = text.indexOf("\n\n", mark + 1);
        }
        return mark;
    }

    /** How a transcript of fewer than two turns begins, for a report. */
    String start() {
        if (!turns.isEmpty()) {
            return "has a turn of Human and no other";
        }
        int end = text.offsetByCodePoints(0, Math.min(REPORTED, text.codePointCount(0, text.length())));
        return "begins with '" + text.substring(0, end).replace("\n", "\\n") + "', expected '\\n\\nHuman:'";
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
