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
    private final UnderWay<T> underWay;

    Workload(Llama policy, SamplerOptions options, Iterator<SamplingRequest<T>> requests) {
        this.policy = policy;
        this.requests = requests;
        this.memory = new CacheMemory(options.cacheBytes() / PromptCache.bytesPerToken(policy));
        this.prefixes = new Prefixes(memory);
        this.underWay = Slots.suit(policy)
                ? new Slots<>(policy, options.rows(), memory)
                : new Cohorts<>(memory, (tokens, family) -> reserve(tokens, families.indexOf(family)));
    }

    /** Requests that have begun and are not met, oldest first. */
    List<Family<T>> families() {
        return families;
    }

    /** Responses that are being decoded. */
    UnderWay<T> underWay() {
        return underWay;
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
        long needed = prompt.length + underWay.needed(family);
        if (needed > memory.capacity()) {
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens and a response need "
                    + needed * PromptCache.bytesPerToken(policy) + " bytes for keys and values, and "
                    + memory.capacity() * PromptCache.bytesPerToken(policy)
                    + " are allowed; give the sampler more memory, or lower max-new-tokens");
        }
        return family;
    }

    /** Begins responses whose first token is drawn; room for all is reserved. */
    void begin(Family<T> family, List<Response> responses) {
        family.begun(responses);
        responses.stream().filter(Response::finished).forEach(family::ended);
        underWay.begin(family, responses);
    }

    /** Keeps the beginning of a prompt that was run to its end. */
    void keepPrefix(Family<T> family) {
        prefixes.keep(family.prompt(), family.tokens());
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
        underWay.interrupt(family);
        drop(family);
        interrupted.addFirst(family);
    }

    /** Lets responses that have ended go, and requests that are met; those. */
    List<Family<T>> settle() {
        for (Running<T> running : underWay.responses()) {
            if (running.response().finished()) {
                running.family().ended(running.response());
            }
        }
        underWay.removeFinished();
        List<Family<T>> met = families.stream().filter(Family::isDone).toList();
        met.forEach(this::drop);
        return met;
    }

    private void drop(Family<T> family) {
        memory.give(family.tokens().length);
        families.remove(family);
        family.close();
    }

    @Override
    public void close() {
        underWay.close();
        List.copyOf(families).forEach(this::drop);
        prefixes.close();
    }
}
