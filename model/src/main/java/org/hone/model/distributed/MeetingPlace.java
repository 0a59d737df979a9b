package org.hone.model.distributed;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where ranks that are threads of one process meet: each brings something, and has what all brought once the last has come. */
final class MeetingPlace {
    private static final Map<String, MeetingPlace> OPEN = new ConcurrentHashMap<>();

    private final String name;
    private final int size;
    private Round round;
    private boolean left;

    /** What has been brought to one meeting; the place's lock guards it until nobody is missing. */
    private static final class Round {
        private final Object[] brought;
        private int missing;

        Round(int size) {
            this.brought = new Object[size];
            this.missing = size;
        }
    }

    private MeetingPlace(String name, int size) {
        this.name = name;
        this.size = size;
        this.round = new Round(size);
    }

    /**
     * Finds a place.
     *
     * @param name the same for all its ranks, and for no others in this process
     * @param size W
     */
    static MeetingPlace named(String name, int size) {
        return OPEN.computeIfAbsent(name, unknown -> new MeetingPlace(unknown, size));
    }

    /**
     * Brings something, and waits for what the others bring.
     *
     * @param rank 0 … W - 1
     * @param mine what this rank brings
     * @param type of what each rank brings
     * @param timeout of the wait
     * @return what was brought, by rank
     * @throws TimeoutException if a rank does not come in time, or has left
     */
    synchronized <T> List<T> meet(int rank, T mine, Class<T> type, Duration timeout)
            throws InterruptedException, TimeoutException {
        Round now = round;
        now.brought[rank] = mine;
        now.missing--;
        if (now.missing == 0) {
            round = new Round(size);
            notifyAll();
        }
        long end = System.nanoTime() + timeout.toNanos();
        while (now.missing > 0) {
            long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left || rest <= 0) {
                throw new TimeoutException(left ? "another rank has left the group" : "timed out");
            }
            wait(rest);
        }
        return Arrays.stream(now.brought).map(type::cast).toList();
    }

    /** Nobody meets here any more. */
    synchronized void leave() {
        left = true;
        notifyAll();
        OPEN.remove(name, this);
    }
}
