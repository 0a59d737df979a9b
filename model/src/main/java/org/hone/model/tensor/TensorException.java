package org.hone.model.tensor;

import java.util.Locale;

/** A native operation was refused, most often because shapes do not fit; the message is libtorch's without its C++ stack. */
public final class TensorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what was refused and why
     */
    public TensorException(String message) {
        super(message);
    }

    /** The native exception is not kept as a cause: its message is pages of C++ frames. */
    static TensorException of(RuntimeException error) {
        String message = String.valueOf(error.getMessage());
        StringBuilder useful = new StringBuilder();
        for (String line : message.split("\n", -1)) {
            String text = line.strip();
            if (text.startsWith("Exception raised from")
                    || text.toLowerCase(Locale.ROOT).startsWith("frame #")) {
                break;
            }
            if (!text.isEmpty()) {
                useful.append(useful.isEmpty() ? "" : " ").append(text);
            }
        }
        return new TensorException(useful.isEmpty() ? message : useful.toString());
    }
}
