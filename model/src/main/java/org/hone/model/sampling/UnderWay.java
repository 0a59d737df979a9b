package org.hone.model.sampling;

import java.util.List;
import org.hone.model.llama.DecodingStep;

/** The responses that are being decoded, and where their keys and values are. Which kind there is follows from the policy alone. */
interface UnderWay<T> extends AutoCloseable {
    /** All of them, in the order of their rows. */
    List<Running<T>> responses();

    /** Tokens of memory that one response to a request needs at most, the prompt's own not counted. */
    long needed(Family<T> family);

    /** How many responses to a request may begin now; it may be that memory for them has to be made. */
    long room(Family<T> family);

    /** Fewer responses than these wait for others of their prompt to begin together. */
    int fewest();

    /** Makes room for responses to a request whose first token is not drawn yet; false if there is none. */
    boolean reserve(Family<T> family, List<Response> responses);

    /** Begins responses whose first token is drawn, those of them that it did not end. Room for all is reserved. */
    void begin(Family<T> family, List<Response> responses);

    /** Gives every response room for another token. */
    void grow();

    /** Takes a row for the newest token of every response. */
    void into(DecodingStep step);

    /** Puts a request's responses back, to be begun anew. */
    void interrupt(Family<T> family);

    /** Lets responses that have ended go. */
    void removeFinished();

    @Override
    void close();
}
