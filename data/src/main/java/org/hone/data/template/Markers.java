package org.hone.data.template;

import java.util.List;

/**
 * The marks of a template, and how text that contains one is kept from passing for it.
 *
 * @param marks the marks; none contains a space, so putting one in makes no new mark
 * @param kept how many characters of a mark stand before the space that breaks it
 */
record Markers(List<String> marks, int kept) {
    Markers {
        marks = List.copyOf(marks);
    }

    /**
     * Breaks each mark by one space.
     *
     * @return the text, the very same when it holds no mark
     */
    String neutralise(String text) {
        String safe = text;
        for (String mark : marks) {
            safe = safe.replace(mark, mark.substring(0, kept) + " " + mark.substring(kept));
        }
        return safe;
    }
}
