package org.hone.data.tokenizer;

import org.hone.data.tokenizer.SentencePieceModel.Normalisation;

/**
 * Text as SentencePiece's normaliser leaves it (normalizer.cc, Normalize): characters replaced by the model's rules, blanks
 * trimmed where the model says so, a blank put before the text, and blanks written as U+2581.
 */
final class Normaliser {
    /** Stands for a blank in every piece. */
    static final char BLANK = '\u2581';

    private final Normalisation settings;
    private final UserDefinedPieces userDefined;
    private final char blank;

    Normaliser(Normalisation settings, UserDefinedPieces userDefined) {
        this.settings = settings;
        this.userDefined = userDefined;
        this.blank = settings.escapesBlanks() ? BLANK : ' ';
    }

    /**
     * Normalises a text.
     *
     * @param text well-formed text
     * @param normalised what it becomes; what it held is overwritten
     */
    void normalise(String text, Characters normalised) {
        normalised.clear();
        if (text.isEmpty()) {
            return;
        }
        if (!settings.rules().isEmpty() || settings.removesExtraBlanks()) {
            new Run(text, normalised).normalise();
            return;
        }
        if (settings.dummyPrefix() && !settings.blankAsSuffix()) {
            normalised.append(blank);
        }
        normalised.append(text, 0, text.length());
        normalised.replace(0, ' ', blank);
        if (settings.dummyPrefix() && settings.blankAsSuffix()) {
            normalised.append(blank);
        }
    }

    /** One text on its way, a character or a rule's match at a time. */
    private final class Run {
        private final String text;
        private final Characters normalised;
        private int at;
        // the step at hand covers this many characters, and gives a part of a string: of the text or of a replacement
        private int covered;
        private String source;
        private int from;
        private int to;

        Run(String text, Characters normalised) {
            this.text = text;
            this.normalised = normalised;
            this.source = text;
        }

        void normalise() {
            if (settings.removesExtraBlanks() && !skipBlanks()) {
                return;
            }
            if (settings.dummyPrefix() && !settings.blankAsSuffix()) {
                normalised.append(blank);
            }
            boolean afterBlank = settings.removesExtraBlanks();
            for (; at < text.length(); at += covered) {
                step();
                while (afterBlank && from < to && source.charAt(from) == ' ') {
                    from++;
                }
                if (from < to) {
                    int before = normalised.length();
                    normalised.append(source, from, to);
                    normalised.replace(before, ' ', blank);
                    afterBlank = settings.removesExtraBlanks() && source.charAt(to - 1) == ' ';
                }
            }
            while (settings.removesExtraBlanks() && normalised.endsWith(blank)) {
                normalised.dropLast();
            }
            if (settings.dummyPrefix() && settings.blankAsSuffix()) {
                normalised.append(blank);
            }
        }

        /** Whether anything follows the blanks. */
        private boolean skipBlanks() {
            for (; at < text.length(); at += covered) {
                step();
                if (to - from != 1 || source.charAt(from) != ' ') {
                    return true;
                }
            }
            return false;
        }

        private void step() {
            covered = userDefined.isEmpty() ? 0 : userDefined.match(text, at);
            if (covered == 0 && !settings.rules().isEmpty()) {
                long match = settings.rules().match(text, at);
                if (match >= 0) {
                    covered = (int) (match >>> 32);
                    source = settings.rules().replacement((int) match);
                    from = 0;
                    to = source.length();
                    return;
                }
            }
            if (covered == 0) {
                covered = Character.charCount(text.codePointAt(at));
            }
            source = text;
            from = at;
            to = at + covered;
        }
    }
}
