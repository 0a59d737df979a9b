package org.hone.model.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.hone.model.llama.DecodingStep;
import org.hone.model.llama.Llama;
import org.hone.model.llama.SlotCache;

/** Responses that have a slot each, prompt and all: one attention for all, whatever their prompts and lengths. */
final class Slots<T> implements UnderWay<T> {
    /** Up to this context a call takes longer than the arithmetic that whole slots add. */
    private static final int LONGEST_CONTEXT = 256;

    /** Of four parts of memory so many are for slots, and the rest for prompts. */
    private static final int PARTS = 3;

    private final CacheMemory memory;
    private final int context;
    private final long taken;
    private final SlotCache cache;
    private final List<Running<T>> responses = new ArrayList<>();

    /** As many slots as there are rows, or as memory is there for. */
    Slots(Llama policy, int rows, CacheMemory memory) {
        this.memory = memory;
        this.context = policy.config().contextLength();
        // a prompt as long as the context must still fit beside them
        long tokens = Math.min(memory.capacity() / (PARTS + 1) * PARTS, memory.capacity() - context);
        int slots = (int) Math.min(rows, Math.max(1, tokens / context));
        this.taken = (long) slots * context;
        this.cache = new SlotCache(policy, slots);
        memory.take(taken);
    }

    /** A function of the policy alone, because it is part of what a response's bits depend on. */
    static boolean suit(Llama policy) {
        return policy.config().contextLength() <= LONGEST_CONTEXT;
    }

    @Override
    public List<Running<T>> responses() {
        return responses;
    }

    @Override
    public long needed(Family<T> family) {
        return context;
    }

    @Override
    public long room(Family<T> family) {
        return cache.free();
    }

    @Override
    public int fewest() {
        return 1;
    }

    @Override
    public boolean reserve(Family<T> family, List<Response> begun) {
        return begun.size() <= cache.free();
    }

    @Override
    public void begin(Family<T> family, List<Response> begun) {
        List<Running<T>> unfinished = begun.stream()
                .filter(response -> !response.finished())
                .map(response -> new Running<>(family, response))
                .toList();
        if (!unfinished.isEmpty()) {
            cache.add(family.prompt(), unfinished.size());
            responses.addAll(unfinished);
        }
    }

    @Override
    public void grow() {
        // a slot is as long as any response can get
    }

    @Override
    public void into(DecodingStep step) {
        if (!responses.isEmpty()) {
            step.slots(
                    cache,
                    responses.stream()
                            .mapToInt(running -> running.response().last())
                            .toArray());
        }
    }

    @Override
    public void interrupt(Family<T> family) {
        Predicate<Running<T>> ofFamily = running -> running.family() == family;
        responses.stream().filter(ofFamily).forEach(running -> family.putBack(running.response()));
        remove(ofFamily);
    }

    @Override
    public void removeFinished() {
        remove(running -> running.response().finished());
    }

    private void remove(Predicate<Running<T>> gone) {
        for (int slot = responses.size() - 1; slot >= 0; slot--) {
            if (gone.test(responses.get(slot))) {
                cache.remove(slot);
                Running<T> last = responses.remove(responses.size() - 1);
                if (slot < responses.size()) {
                    responses.set(slot, last);
                }
            }
        }
    }

    @Override
    public void close() {
        memory.give(taken);
        cache.close();
    }
}
