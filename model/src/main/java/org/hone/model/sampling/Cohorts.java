package org.hone.model.sampling;

import java.util.ArrayList;
import java.util.List;
import org.hone.model.llama.DecodingStep;

/** Responses that share their prompt's keys and values, in cohorts whose memory grows with them. */
final class Cohorts<T> implements UnderWay<T> {
    private static final int FEWEST = 8;

    /** Takes memory on behalf of a request; requests that came later give way. */
    interface Reservation<T> {
        /** {@return whether there is so much for it} */
        boolean of(long tokens, Family<T> family);
    }

    private final CacheMemory memory;
    private final Reservation<T> reservation;
    private final List<Cohort<T>> cohorts = new ArrayList<>();

    Cohorts(CacheMemory memory, Reservation<T> reservation) {
        this.memory = memory;
        this.reservation = reservation;
    }

    @Override
    public List<Running<T>> responses() {
        return cohorts.stream()
                .flatMap(
                        cohort -> cohort.responses().stream().map(response -> new Running<>(cohort.family(), response)))
                .toList();
    }

    @Override
    public long needed(Family<T> family) {
        return family.longest();
    }

    @Override
    public long room(Family<T> family) {
        return (memory.capacity() - family.tokens().length) / family.longest();
    }

    @Override
    public int fewest() {
        return FEWEST;
    }

    @Override
    public boolean reserve(Family<T> family, List<Response> responses) {
        return reservation.of(Cohort.firstTokens(responses), family);
    }

    @Override
    public void begin(Family<T> family, List<Response> responses) {
        memory.give(Cohort.firstTokens(responses));
        List<Response> unfinished =
                responses.stream().filter(response -> !response.finished()).toList();
        if (!unfinished.isEmpty()) {
            memory.take(Cohort.firstTokens(unfinished));
            cohorts.add(new Cohort<>(family, unfinished));
        }
    }

    @Override
    public void grow() {
        for (Cohort<T> cohort : List.copyOf(cohorts)) {
            if (cohorts.contains(cohort) && cohort.isFull()) {
                grow(cohort);
            }
        }
    }

    private void grow(Cohort<T> cohort) {
        int capacity = cohort.nextCapacity();
        long more = (long) capacity * cohort.responses().size() - cohort.tokens();
        while (!reservation.of(more, cohort.family())) {
            Cohort<T> newest = newestOf(cohort.family());
            interrupt(newest);
            if (newest == cohort) {
                return;
            }
        }
        cohort.grow(capacity);
    }

    private Cohort<T> newestOf(Family<T> family) {
        for (int i = cohorts.size() - 1; i >= 0; i--) {
            if (cohorts.get(i).family() == family) {
                return cohorts.get(i);
            }
        }
        throw new IllegalStateException("the request has no responses under way");
    }

    @Override
    public void into(DecodingStep step) {
        cohorts.forEach(cohort -> cohort.into(step));
    }

    @Override
    public void interrupt(Family<T> family) {
        cohorts.stream().filter(cohort -> cohort.family() == family).toList().forEach(this::interrupt);
    }

    private void interrupt(Cohort<T> cohort) {
        cohort.responses().forEach(cohort.family()::putBack);
        drop(cohort);
    }

    @Override
    public void removeFinished() {
        for (Cohort<T> cohort : List.copyOf(cohorts)) {
            cohort.removeFinished();
            if (cohort.responses().isEmpty()) {
                drop(cohort);
            }
        }
    }

    private void drop(Cohort<T> cohort) {
        memory.give(cohort.tokens());
        cohorts.remove(cohort);
        cohort.close();
    }

    @Override
    public void close() {
        List.copyOf(cohorts).forEach(this::drop);
    }
}
