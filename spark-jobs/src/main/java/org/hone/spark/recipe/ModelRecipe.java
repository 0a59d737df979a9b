package org.hone.spark.recipe;

import java.io.Serializable;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.ModelShape;
import org.hone.model.llama.RopeScaling;
import org.jspecify.annotations.Nullable;

/**
 * A fresh model to pretrain: a published shape, numbers that stand in place of its own, or numbers alone.
 *
 * @param vocabularySize V; null: as many as the tokenizer has pieces
 * @param hiddenSize H, a multiple of the heads
 * @param intermediateSize width of the feed-forward layer
 * @param layers number of blocks
 * @param attentionHeads query heads
 * @param keyValueHeads key and value heads, a divisor of the query heads
 * @param contextLength the longest sequence, in tokens
 * @param rmsNormEpsilon ε of RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param tiedEmbeddings whether the output head is the token embedding
 */
public record ModelRecipe(
        @Nullable Integer vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int attentionHeads,
        int keyValueHeads,
        int contextLength,
        double rmsNormEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings)
        implements Serializable {
    private static final int WIDEST = 1 << 17;
    /** Llama rounds 8/3 · H up to a multiple of this (recipe section 1). */
    private static final int MULTIPLE = 256;

    static ModelRecipe read(Section section) {
        LlamaConfig shape = shape(section);
        int hidden = size(section, "hidden-size", shape == null ? 0 : shape.hiddenSize(), WIDEST);
        int layers = size(section, "layers", shape == null ? 0 : shape.layers(), 1_024);
        int heads = size(section, "attention-heads", shape == null ? 0 : shape.attentionHeads(), 1_024);
        ModelRecipe recipe = new ModelRecipe(
                section.optionalInteger("vocabulary-size", 1, 1 << 24),
                hidden,
                section.integer(
                        "intermediate-size",
                        shape == null ? Math.min(4 * WIDEST, widened(hidden)) : shape.intermediateSize(),
                        1,
                        4 * WIDEST),
                layers,
                heads,
                section.integer("key-value-heads", shape == null ? heads : shape.keyValueHeads(), 1, 1_024),
                section.integer("context-length", shape == null ? 4_096 : shape.contextLength(), 16, 1 << 20),
                section.number("rms-norm-epsilon", shape == null ? 1e-5 : shape.rmsNormEpsilon(), 1e-12, 1),
                section.number("rope-theta", shape == null ? 10_000 : shape.ropeTheta(), 1, 1e9),
                section.flag("tied-embeddings", shape != null && shape.tiedEmbeddings()));
        recipe.check(section);
        return recipe;
    }

    private static @Nullable LlamaConfig shape(Section section) {
        String label = section.optionalText("shape");
        if (label == null) {
            return null;
        }
        try {
            return ModelShape.named(label).config();
        } catch (IllegalArgumentException e) {
            section.refuse("shape", e.getMessage() + "; or leave it out and give hidden-size, layers, attention-heads");
            return ModelShape.LLAMA_2_7B.config();
        }
    }

    /** A number that a shape gives, and that must stand here without one. */
    private static int size(Section section, String key, int byShape, int most) {
        if (byShape > 0) {
            return section.integer(key, byShape, 1, most);
        }
        Integer given = section.optionalInteger(key, 1, most);
        if (given == null && !section.has(key)) {
            section.refuse(key, "is missing; give a whole number from 1 to " + most + ", or the name of a shape");
        }
        return given == null ? 2 : given;
    }

    private static int widened(int hidden) {
        return (8 * hidden / 3 + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
    }

    private void check(Section section) {
        if (hiddenSize % attentionHeads != 0 || hiddenSize / attentionHeads % 2 != 0) {
            section.refuse(
                    "hidden-size",
                    "got " + hiddenSize + " for " + attentionHeads + " attention-heads, expected a multiple of "
                            + 2 * attentionHeads + ", so that every head has an even width; change one of the two");
        }
        if (attentionHeads % keyValueHeads != 0) {
            section.refuse(
                    "key-value-heads",
                    "got " + keyValueHeads + ", expected a divisor of the " + attentionHeads
                            + " attention-heads; 1 is multi-query, " + attentionHeads + " multi-head attention");
        }
    }

    /**
     * The shape with every number.
     *
     * @param tokenizerPieces pieces of the tokenizer
     * @return the shape
     */
    public LlamaConfig config(int tokenizerPieces) {
        return new LlamaConfig(
                vocabularySize == null ? tokenizerPieces : vocabularySize,
                hiddenSize,
                intermediateSize,
                layers,
                attentionHeads,
                keyValueHeads,
                hiddenSize / attentionHeads,
                contextLength,
                rmsNormEpsilon,
                ropeTheta,
                new RopeScaling.None(),
                tiedEmbeddings);
    }
}
