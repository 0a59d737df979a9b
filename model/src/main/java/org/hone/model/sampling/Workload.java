package org.hone.model.sampling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.hone.model.llama.Llama;
import org.hone.model.llama.PromptCache;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SamplingRun} is working on, within its memory for keys and values. The requests are kept in the order in which
 * they came: when memory is short, the newest gives way, so that the oldest always goes on.
 */
final class Workload<T> implements AutoCloseable {
    private final Llama policy;
    private final Iterator<SamplingRequest<T>> requests;
    private final CacheMemory memory;
    private final Prefixes prefixes;
    private final Deque<Family<T>> interrupted = new ArrayDeque<>();
    private final List<Family<T>> families = new ArrayList<>();
    private final List<Cohort<T>> cohorts = new ArrayList<>();

    Workload(Llama policy, long cacheBytes, Iterator<SamplingRequest<T>> requests) {
        this.policy = policy;
        this.requests = requests;
        this.memory = new CacheMemory(cacheBytes / PromptCache.bytesPerToken(policy));
        this.prefixes = new Prefixes(memory);
    }

    /** Requests that have begun and are not met, oldest first. */
    List<Family<T>> families() {
        return families;
    }

    /** Responses that are being decoded. */
    List<Cohort<T>> cohorts() {
        return cohorts;
    }

    boolean hasMore() {
        return !families.isEmpty() || !interrupted.isEmpty() || requests.hasNext();
    }

    /** The next request, with memory for its prompt; null if there is none or no memory. */
    @Nullable Family<T> admit() {
        if (interrupted.isEmpty()) {
            if (!requests.hasNext()) {
                return null;
            }
            interrupted.add(checked(requests.next()));
        }
        Family<T> family = interrupted.element();
        int length = family.tokens().length;
        if (!reserve(length, families.size())) {
            return null;
        }
        interrupted.remove();
        family.allocate(policy);
        prefixes.fill(family.prompt(), family.tokens());
        families.add(family);
        return family;
    }

    private Family<T> checked(SamplingRequest<T> request) {
        int[] prompt = request.prompt();
        int context = policy.config().contextLength();
        if (prompt.length > context) {
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens is longer than the context of "
                    + context + "; cut it, or leave it out");
        }
        int vocabulary = policy.config().vocabularySize();
        for (int t = 0; t < prompt.length; t++) {
            if (prompt[t] < 0 || prompt[t] >= vocabulary) {
                throw new IllegalArgumentException("prompt token " + t + ": id " + prompt[t]
                        + " is not in the vocabulary of " + vocabulary
                        + "; tokenizer and model do not belong together");
            }
        }
        Family<T> family = new Family<>(request, context);
        long needed = (long) prompt.length + family.longest();
        if (needed > memory.capacity()) {
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens and a response need "
                    + needed * PromptCache.bytesPerToken(policy) + " bytes for keys and values, and "
                    + memory.capacity() * PromptCache.bytesPerToken(policy)
                    + " are allowed; give the sampler more memory, or lower max-new-tokens");
        }
        return family;
    }

    /** How many responses to a prompt there can ever be memory for at once, at least 1. */
    long most(Family<T> family) {
        return (memory.capacity() - family.tokens().length) / family.longest();
    }

    /** Memory for new responses of a request; requests that came later give way. */
    boolean reserve(Family<T> family, List<Response> responses) {
        return reserve(Cohort.firstTokens(responses), families.indexOf(family));
    }

    /** Begins responses, those of them that the first token did not end; memory for all is reserved. */
    void begin(Family<T> family, List<Response> responses) {
        memory.give(Cohort.firstTokens(responses));
        family.begun(responses);
        responses.stream().filter(Response::finished).forEach(family::ended);
        List<Response> unfinished =
                responses.stream().filter(response -> !response.finished()).toList();
        if (!unfinished.isEmpty()) {
            memory.take(Cohort.firstTokens(unfinished));
            cohorts.add(new Cohort<>(family, unfinished));
        }
    }

    /** Keeps the beginning of a prompt that was run to its end. */
    void keepPrefix(Family<T> family) {
        prefixes.keep(family.prompt(), family.tokens());
    }

    /** Gives cohorts room for another token. */
    void growCaches() {
        for (Cohort<T> cohort : List.copyOf(cohorts)) {
            if (cohorts.contains(cohort) && cohort.isFull()) {
                grow(cohort);
            }
        }
    }

    private void grow(Cohort<T> cohort) {
        int capacity = cohort.nextCapacity();
        long more = (long) capacity * cohort.responses().size() - cohort.tokens();
        int age = families.indexOf(cohort.family());
        while (!reserve(more, age)) {
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

    /** Takes memory for tokens; kept beginnings give way, then requests behind an age, newest first. */
    private boolean reserve(long tokens, int age) {
        while (!memory.fits(tokens)) {
            if (!prefixes.forgetOldest()) {
                if (families.size() - 1 <= age) {
                    return false;
                }
                interrupt(families.get(families.size() - 1));
            }
        }
        memory.take(tokens);
        return true;
    }

    private void interrupt(Family<T> family) {
        cohorts.stream().filter(cohort -> cohort.family() == family).toList().forEach(this::interrupt);
        drop(family);
        interrupted.addFirst(family);
    }

    private void interrupt(Cohort<T> cohort) {
        cohort.responses().forEach(cohort.family()::putBack);
        drop(cohort);
    }

    /** Lets responses that have ended go, and requests that are met; those. */
    List<Family<T>> settle() {
        for (Cohort<T> cohort : List.copyOf(cohorts)) {
            cohort.responses().stream().filter(Response::finished).forEach(cohort.family()::ended);
            cohort.removeFinished();
            if (cohort.responses().isEmpty()) {
                drop(cohort);
            }
        }
        List<Family<T>> met = families.stream().filter(Family::isDone).toList();
        met.forEach(this::drop);
        return met;
    }

    private void drop(Cohort<T> cohort) {
        memory.give(cohort.tokens());
        cohorts.remove(cohort);
        cohort.close();
    }

    private void drop(Family<T> family) {
        memory.give(family.tokens().length);
        families.remove(family);
        family.close();
    }

    @Override
    public void close() {
        List.copyOf(cohorts).forEach(this::drop);
        List.copyOf(families).forEach(this::drop);
        prefixes.close();
    }
}
