package org.hone.data.dialogue;

/** Who speaks in a turn of a {@link Dialogue}. */
public enum Role {
    /** The system message: an instruction that holds for the whole dialogue. */
    SYSTEM,
    /** The person. */
    USER,
    /** The model. */
    ASSISTANT
}
