package org.hone.model.sampling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.hone.model.llama.DecodingStep;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;

/**
 * Requests → responses, many at once (continuous batching, as in Orca, OSDI 2022, and vLLM, arXiv 2309.06180): in every step
 * each response that has begun gets one token more, those that end leave at once, and new ones and the stretches of new
 * prompts take their rows. The responses to a prompt share its keys and values, and prompts those of a common beginning.
 *
 * <p>If the memory for keys and values does not suffice, the request that came last is begun anew later; its responses come
 * out the same. For one thread.
 *
 * @param <T> the kind of the requests' keys
 */
public final class SamplingRun<T> implements Iterator<SampledPrompt<T>>, AutoCloseable {
    private final Llama policy;
    private final int rows;
    private final int stretch;
    private final NextTokens nextTokens;
    private final Workload<T> work;
    private final Deque<SampledPrompt<T>> results = new ArrayDeque<>();
    private long tokens;

    SamplingRun(Llama policy, int eosId, SamplerOptions options, Iterator<SamplingRequest<T>> requests) {
        this.policy = policy;
        this.rows = options.rows();
        this.stretch = Math.min(Family.STRETCH, rows);
        this.nextTokens = new NextTokens(policy, eosId, options.stop());
        this.work = new Workload<>(policy, options, requests);
    }

    /**
     * Works until a request is met. They are met in the order in which their last responses end.
     *
     * @return whether there is one
     * @throws IllegalArgumentException if a prompt is longer than the context, not in the vocabulary, or too long for the memory
     * @throws IllegalStateException if the policy's logits are not numbers
     */
    @Override
    public boolean hasNext() {
        while (results.isEmpty() && work.hasMore()) {
            Memory.withoutGradients(() -> Memory.tidy(this::step));
        }
        return !results.isEmpty();
    }

    @Override
    public SampledPrompt<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all requests are met");
        }
        return results.remove();
    }

    /** {@return how many tokens were drawn so far} */
    public long tokens() {
        return tokens;
    }

    private void step() {
        // whoever comes later may have to give way
        List.copyOf(work.families()).forEach(this::begin);
        settle();
        work.underWay().grow();
        DecodingStep step = new DecodingStep(rows);
        work.underWay().into(step);
        int newest = step.used();
        Map<Family<T>, Integer> lastRows = stretches(step);
        if (step.used() == 0) {
            return; // every response that was begun has ended with its first token
        }
        Tensor logits = policy.logits(step);
        if (newest > 0) {
            draw(logits.narrow(0, 0, newest));
        }
        lastRows.forEach((family, row) -> {
            if (family.prompt().filled() == family.prompt().length()) {
                family.filled(logits.select(0, row));
                work.keepPrefix(family);
            }
        });
        settle();
    }

    /** Begins responses to a prompt that was run to its end, as far as rows are free. */
    private void begin(Family<T> family) {
        UnderWay<T> underWay = work.underWay();
        while (family.isFilled() && family.waiting() > 0) {
            int busy = underWay.responses().size();
            int count = (int) Math.min(underWay.room(family), Math.min(rows - busy, family.waiting()));
            List<Response> responses = family.next(count);
            boolean tooFew = count < Math.min(family.waiting(), underWay.fewest()) && busy > 0;
            if (count == 0 || tooFew || !underWay.reserve(family, responses)) {
                return;
            }
            Tensor logits = family.firstLogits().unsqueeze(0);
            List<int[]> prompts =
                    responses.stream().map(response -> family.tokens()).toList();
            nextTokens.draw(logits.expand(count, logits.size(1)), prompts, responses);
            tokens += count;
            work.begin(family, responses);
        }
    }

    private void draw(Tensor logits) {
        List<Running<T>> running = work.underWay().responses();
        List<Response> responses = running.stream().map(Running::response).toList();
        List<int[]> prompts =
                running.stream().map(response -> response.family().tokens()).toList();
        nextTokens.draw(logits, prompts, responses);
        tokens += responses.size();
    }

    private void settle() {
        work.settle().forEach(family -> results.add(family.result()));
    }

    /** Rows for the next stretch of each prompt, of new ones too; where the last token of each stretch is. */
    private Map<Family<T>, Integer> stretches(DecodingStep step) {
        Map<Family<T>, Integer> lastRows = new LinkedHashMap<>();
        for (Family<T> family : work.families()) {
            if (!family.isFilled() && family.nextStretch(stretch) <= step.room()) {
                lastRows.put(family, family.into(step, stretch));
            }
        }
        while (step.room() >= stretch && fewAreWaiting()) {
            Family<T> family = work.admit();
            if (family == null) {
                break;
            }
            lastRows.put(family, family.into(step, stretch));
        }
        return lastRows;
    }

    /** A prompt that waits for free rows takes memory meanwhile. */
    private boolean fewAreWaiting() {
        return work.families().stream().filter(family -> family.waiting() > 0).count() <= rows / stretch;
    }

    /** Frees the caches of requests that are not met. */
    @Override
    public void close() {
        work.close();
    }
}
