package org.hone.spark.audit;

import java.util.Locale;

/** Text of a data set, made safe to look at: what would steer a terminal or turn a line around is spelt out. */
public final class Visible {
    private Visible() {}

    /**
     * Spells out control and format characters, line feeds and tabs apart.
     *
     * @param text any text
     * @return the text with such characters as their code points, {@code ‹U+001B›}
     */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point == '\n' || point == '\t' || !isHidden(point)) {
                visible.appendCodePoint(point);
            } else {
                visible.append(String.format(Locale.ROOT, "\u2039U+%04X\u203a", point));
            }
        });
        return visible.toString();
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
