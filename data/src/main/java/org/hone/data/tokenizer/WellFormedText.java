package org.hone.data.tokenizer;

/** Text that has a UTF-8 form. */
final class WellFormedText {
    private WellFormedText() {}

    /**
     * Replaces every unpaired surrogate by U+FFFD, the character that stands for what cannot be encoded: the
     * native libraries would each put something else ({@code ?}, or nothing).
     *
     * @return the same string when there is none, as nearly always
     */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (Character.isSurrogate(character)) {
                if (Character.isHighSurrogate(character)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return replaced(text);
                }
            }
        }
        return text;
    }

    private static String replaced(String text) {
        StringBuilder builder = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .forEach(builder::appendCodePoint);
        return builder.toString();
    }
}
