package org.hone.data.dialogue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A name for content: the first 128 bits of a SHA-256 over length-prefixed fields, in hexadecimal. */
public final class ContentHash {
    private final MessageDigest sha;

    private ContentHash(MessageDigest sha) {
        this.sha = sha;
    }

    /**
     * Starts a hash.
     *
     * @return a hash of nothing yet
     */
    public static ContentHash start() {
        try {
            return new ContentHash(MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Adds a field. Its length goes first, so that no two lists of fields run together.
     *
     * @param field the field
     * @return this
     */
    public ContentHash add(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha.update(bytes);
        return this;
    }

    /**
     * Adds a dialogue, turn by turn.
     *
     * @param dialogue the dialogue
     * @return this
     */
    public ContentHash add(Dialogue dialogue) {
        for (Turn turn : dialogue.turns()) {
            add(turn.role().name());
            add(turn.text());
        }
        return this;
    }

    /**
     * The hash of what was added. Call it once.
     *
     * @return 32 hexadecimal digits
     */
    public String hex() {
        return HexFormat.of().formatHex(sha.digest(), 0, 16);
    }
}
