package org.hone.model.sampling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.hone.model.llama.DecodingStep;
import org.hone.model.llama.Llama;
import org.hone.model.llama.PromptCache;
import org.hone.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A request that is being met: its prompt's cache, and its responses, those that wait to be begun and those that have ended. */
final class Family<T> implements AutoCloseable {
    /** Tokens of a prompt that go through together. They begin at its multiples, so that their shapes are the prompt's alone. */
    static final int STRETCH = 16;

    private final SamplingRequest<T> request;
    private final int room;
    private final Deque<Response> pending = new ArrayDeque<>();
    private final List<Response> ended = new ArrayList<>();
    private @Nullable PromptCache prompt;
    private @Nullable Tensor firstLogits;

    Family(SamplingRequest<T> request, int contextLength) {
        this.request = request;
        this.room = contextLength - request.prompt().length;
        for (int number = 0; number < request.draws().size(); number++) {
            Response response = response(number);
            if (response.finished()) {
                ended.add(response);
            } else {
                pending.add(response);
            }
        }
    }

    private Response response(int number) {
        return new Response(number, request.draws().get(number), room);
    }

    int[] tokens() {
        return request.prompt();
    }

    /** The most tokens of cache that one response needs, the prompt's not counted. */
    int longest() {
        return Cohort.longest(List.copyOf(pending));
    }

    void allocate(Llama policy) {
        prompt = new PromptCache(policy, request.prompt().length);
    }

    PromptCache prompt() {
        if (prompt == null) {
            throw new IllegalStateException("the prompt has no cache yet");
        }
        return prompt;
    }

    boolean isFilled() {
        return firstLogits != null;
    }

    /** Tokens that the next stretch has: where it begins and ends follows from the prompt alone. */
    int nextStretch(int longest) {
        return Math.min(longest, request.prompt().length - prompt().filled());
    }

    /** Takes rows for the next stretch; the row of its last token. */
    int into(DecodingStep step, int longest) {
        int filled = prompt().filled();
        int count = nextStretch(longest);
        int first = step.prompt(prompt(), Arrays.copyOfRange(request.prompt(), filled, filled + count));
        return first + count - 1;
    }

    /** Keeps what the prompt's last token says about the first of every response. */
    void filled(Tensor logits) {
        firstLogits = logits.copy().keep();
    }

    Tensor firstLogits() {
        if (firstLogits == null) {
            throw new IllegalStateException("the prompt has not been run to its end yet");
        }
        return firstLogits;
    }

    int waiting() {
        return pending.size();
    }

    /** The next responses to begin; they stay until {@link #begun}. */
    List<Response> next(int count) {
        return pending.stream().limit(count).toList();
    }

    void begun(List<Response> responses) {
        pending.removeAll(responses);
    }

    /** Begins a response anew, later: it will be the same, because it depends on nothing else. */
    void putBack(Response response) {
        pending.addFirst(response(response.number()));
    }

    void ended(Response response) {
        ended.add(response);
    }

    boolean isDone() {
        return ended.size() == request.draws().size();
    }

    SampledPrompt<T> result() {
        Completion[] completions = new Completion[ended.size()];
        ended.forEach(response -> completions[response.number()] = response.completion());
        return new SampledPrompt<>(request.key(), List.of(completions));
    }

    /** Frees the prompt's cache. */
    @Override
    public void close() {
        if (prompt != null) {
            prompt.close();
            prompt = null;
        }
        if (firstLogits != null) {
            firstLogits.close();
            firstLogits = null;
        }
    }
}
