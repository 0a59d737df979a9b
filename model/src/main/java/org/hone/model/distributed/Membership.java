package org.hone.model.distributed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which place of which group a process takes.
 *
 * @param address host:port of the rendezvous; empty where ranks find each other without one
 * @param prefix the group's name there
 * @param rank 0 … size - 1
 * @param size W
 * @param timeout of every wait
 */
record Membership(String address, String prefix, int rank, int size, Duration timeout) {
    Membership {
        if (size < 1 || rank < 0 || rank >= size) {
            throw new IllegalArgumentException("rank: " + rank + " of " + size + " must be from 0 to size - 1");
        }
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("prefix: must not be empty; use the key of the stage attempt");
        }
        checkTimeout(timeout);
    }

    static void checkTimeout(Duration timeout) {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: " + timeout + " must be at least a millisecond");
        }
    }

    String host() {
        return address.substring(0, separator());
    }

    int port() {
        try {
            return Integer.parseInt(address.substring(separator() + 1));
        } catch (NumberFormatException problem) {
            throw malformed(problem);
        }
    }

    private int separator() {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw malformed(null);
        }
        return colon;
    }

    private IllegalArgumentException malformed(@Nullable Throwable cause) {
        return new IllegalArgumentException("address: " + address + " must be host:port", cause);
    }

    CommunicationException failed(String waitedFor, Exception cause) {
        return new CommunicationException(
                "rank " + rank + " of " + size + " waited for " + waitedFor + " (group " + prefix + ", timeout "
                        + timeout.toMillis() + " ms): " + CommunicationException.firstLine(cause)
                        + "; look for the first failure in the logs of the other ranks",
                cause);
    }
}
