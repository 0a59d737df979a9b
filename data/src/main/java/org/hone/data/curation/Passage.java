package org.hone.data.curation;

/**
 * A piece of a row's text.
 *
 * @param kind what it is in the row
 * @param text the text as it stands in the table
 */
public record Passage(Kind kind, String text) {
    /** What a passage is in its row; passages of different kinds are never alike. */
    public enum Kind {
        /** The system message. */
        SYSTEM(true, 1),
        /** A turn of the person. */
        USER(true, 2),
        /** An earlier turn of the model. */
        ASSISTANT(true, 3),
        /** The preferred response. */
        CHOSEN(false, 4),
        /** The other response. */
        REJECTED(false, 5),
        /** The response of a demonstration. */
        RESPONSE(false, 6),
        /** A document to pretrain on. */
        DOCUMENT(false, 7);

        private final boolean prompt;
        private final long salt;

        Kind(boolean prompt, int number) {
            this.prompt = prompt;
            this.salt = Mixing.finalise(Mixing.GOLDEN * number);
        }

        /**
         * Whether it belongs to the prompt.
         *
         * @return true for the turns before the response
         */
        public boolean isPrompt() {
            return prompt;
        }

        /** What keeps the shingles of different kinds apart. */
        long salt() {
            return salt;
        }
    }
}
