package org.hone.model.training;

import org.hone.model.llama.LlamaConfig;
import org.hone.model.loss.LinearCrossEntropy;

/**
 * What one microbatch takes on its way through a model and back, a line a tensor of {@code Transformer.block}. Legend: H hidden
 * size, Q query heads times head size, K key heads times head size, I feed-forward width; c bytes of the type that matrices
 * are multiplied in, F bytes of a single-precision number.
 */
final class ActivationMemory {
    private static final long F = Float.BYTES;

    private final MemoryNeed.Setup setup;
    private final LlamaConfig config;
    private final long c;
    private final long hidden;
    private final long queries;
    private final long keys;
    private final long wide;

    ActivationMemory(MemoryNeed.Setup setup) {
        this.setup = setup;
        this.config = setup.config();
        this.c = setup.compute().bytes();
        this.hidden = config.hiddenSize();
        this.queries = (long) config.attentionHeads() * config.headSize();
        this.keys = (long) config.keyValueHeads() * config.headSize();
        this.wide = config.intermediateSize();
    }

    private boolean isMixed() {
        return c < F;
    }

    /** What stays until the way back comes to it. */
    long remembered() {
        if (setup.recompute()) {
            // the input of every block and of the last norm, and the last norm's output
            return (config.layers() + 2) * F * hidden * setup.tokens();
        }
        long lastNorm = 3 * F * hidden;
        return config.layers() * (recorded() * setup.tokens() + roundedWeights()) + lastNorm * setup.tokens();
    }

    /** What is there beside that at the worst moment: in a block on the way back, or in the head. */
    long working() {
        long towards = (setup.ranking() ? 1 : 3) * F * hidden * setup.tokens();
        return towards + Math.max(block(), setup.ranking() ? 0 : logits());
    }

    private long block() {
        long slopes = 3 * c * wide + 2 * F * hidden;
        if (setup.recompute()) {
            long all = recorded() - F * hidden + passing();
            return (all + slopes) * setup.tokens() + roundedWeights() + weightGradient();
        }
        return Math.max(passing(), slopes) * setup.tokens() + weightGradient();
    }

    /** Bytes a token of what a block records for the way back. */
    private long recorded() {
        long norms = 2 * (2 * F + c) * hidden;
        long attention = F * (2 * queries + 2 * keys) + F * config.attentionHeads();
        // sequences are put together again behind the attention, and rounded
        long joined = c * queries;
        // both responses of a pair attend to a copy of their prompt's keys and values
        long prefixes = setup.ranking() ? 2 * F * keys : 0;
        long adapters = setup.adapters() == null
                ? 0
                : c * setup.adapters().rank() * setup.adapters().targets().size();
        return norms + attention + joined + prefixes + 4 * c * wide + adapters;
    }

    /** Bytes a token of what else is held until a block is done: queries and keys before they are turned, sums. */
    private long passing() {
        long turned = (2 * c + F) * (queries + keys);
        long sums = 2 * c * hidden;
        return turned + sums + (isMixed() ? 2 * F * hidden + F * queries + c * keys : 0);
    }

    /** A block's matrices once more, rounded. */
    private long roundedWeights() {
        return isMixed() ? c * (hidden * (2 * queries + 2 * keys) + 3 * hidden * wide) : 0;
    }

    /** The gradient of the largest matrix before it is added to the sum. */
    private long weightGradient() {
        if (setup.adapters() != null) {
            return 0;
        }
        return (isMixed() ? c + F : F) * hidden * Math.max(wide, queries);
    }

    /** Some tokens' logits; rounded, the logits, the head and its gradient. */
    private long logits() {
        long vocabulary = config.vocabularySize();
        long tokens = Math.min(setup.tokens(), LinearCrossEntropy.tokensAtOnce(vocabulary));
        long numbers = tokens * vocabulary;
        return F * numbers + (isMixed() ? c * numbers + 2 * c * vocabulary * hidden : 0);
    }
}
