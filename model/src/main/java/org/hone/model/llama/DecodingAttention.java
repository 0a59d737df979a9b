package org.hone.model.llama;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.PartialAttention;
import org.hone.model.tensor.RowProducts;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a {@link DecodingStep} (N): a prompt's tokens look at those before them; a response's token looks at its prompt,
 * whose keys all responses share, and at the response's own tokens. The two parts are put together by their sums of
 * exponentials.
 *
 * <p>Shapes that enter a product are the same whoever else is in the step: a stretch is where its prompt has it, responses go
 * one by one through their own keys, and through the prompt's keys in tiles.
 */
final class DecodingAttention implements Attention {
    private final DecodingStep step;
    private final Map<DecodingStep.Piece, Tensor> masks = new HashMap<>();
    private final Map<DecodingStep.Piece, Tensor> places = new HashMap<>();

    DecodingAttention(DecodingStep step, Device device) {
        this.step = step;
        for (DecodingStep.Piece piece : step.pieces()) {
            if (piece instanceof DecodingStep.Stretch stretch && stretch.cache().filled() > 0) {
                int filled = stretch.cache().filled();
                masks.put(piece, PrefixMask.of(new int[] {filled}, stretch.count(), filled + stretch.count(), device));
            } else if (piece instanceof DecodingStep.Slots slots) {
                masks.put(piece, slots.cache().mask());
                places.put(piece, slots.cache().places());
            }
        }
    }

    @Override
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value) {
        List<Tensor> attended = new ArrayList<>();
        for (DecodingStep.Piece piece : step.pieces()) {
            Tensor queries = query.narrow(0, piece.first(), piece.count());
            Tensor keys = key.narrow(0, piece.first(), piece.count());
            Tensor values = value.narrow(0, piece.first(), piece.count());
            if (piece instanceof DecodingStep.Stretch stretch) {
                attended.add(prompt(layer, stretch.cache(), queries, keys, values, masks.get(piece)));
            } else if (piece instanceof DecodingStep.Newest newest) {
                attended.add(responses(layer, newest.cache(), queries, keys, values));
            } else if (piece instanceof DecodingStep.Slots slots) {
                slots.cache().write(layer, Objects.requireNonNull(places.get(piece)), keys, values);
                attended.add(sequences(layer, slots.cache(), queries, Objects.requireNonNull(masks.get(piece))));
            }
        }
        if (step.room() > 0) {
            attended.add(Tensors.zeros(query.dataType(), query.device(), step.room(), query.size(1) * query.size(2)));
        }
        return attended.size() == 1 ? attended.get(0) : Indexing.concatenate(attended, 0);
    }

    /** (T, heads, D) → (T, heads · D). */
    private static Tensor prompt(
            int layer, PromptCache cache, Tensor query, Tensor key, Tensor value, @Nullable Tensor mask) {
        cache.write(
                layer, key.transpose(0, 1).unsqueeze(0), value.transpose(0, 1).unsqueeze(0));
        int end = cache.filled() + (int) query.size(0);
        DataType kept = cache.dataType();
        Tensor attended = Layers.attention(
                query.transpose(0, 1).unsqueeze(0).to(kept),
                cache.keys(layer, end),
                cache.values(layer, end),
                mask,
                mask == null);
        return PaddedAttention.merged(attended).squeeze(0).to(query.dataType());
    }

    /** (slots, heads, D) → (slots, heads · D), each slot by itself and as a whole. */
    private static Tensor sequences(int layer, SlotCache cache, Tensor query, Tensor mask) {
        Tensor keys = cache.keys(layer);
        Tensor attended = Layers.attention(
                grouped(query, keys.size(1)).to(keys.dataType()), keys, cache.values(layer), mask, false);
        return attended.reshape(query.size(0), -1).to(query.dataType());
    }

    /** (rows, heads, D) → (rows, key-value heads, shared, D): heads that share a key-value head are as good as so many tokens of it. */
    private static Tensor grouped(Tensor query, long keyValueHeads) {
        return query.view(query.size(0), keyValueHeads, query.size(1) / keyValueHeads, query.size(2));
    }

    /** (rows, heads, D) → (rows, heads · D). */
    private static Tensor responses(int layer, BranchCache cache, Tensor query, Tensor key, Tensor value) {
        cache.write(layer, key.unsqueeze(2), value.unsqueeze(2));
        long count = query.size(0);
        Tensor grouped = grouped(query, key.size(1)).to(cache.prompt().dataType());
        int own = cache.length() + 1;
        PartialAttention response = PartialAttention.of(grouped, cache.keys(layer, own), cache.values(layer, own));
        return toPrompt(layer, cache.prompt(), grouped)
                .with(response)
                .reshape(count, -1)
                .to(query.dataType());
    }

    /** All responses' queries (rows, key-value heads, shared, D) to the prompt's keys, which are read once a tile. */
    private static PartialAttention toPrompt(int layer, PromptCache prompt, Tensor grouped) {
        long count = grouped.size(0);
        long heads = grouped.size(1);
        long shared = grouped.size(2);
        long size = grouped.size(3);
        int length = prompt.length();
        PartialAttention attended = RowProducts.attention(
                grouped.transpose(0, 1).reshape(heads, count * shared, size),
                prompt.keys(layer, length).squeeze(0),
                prompt.values(layer, length).squeeze(0));
        return new PartialAttention(
                attended.values().reshape(heads, count, shared, size).transpose(0, 1),
                attended.logSumExp().reshape(heads, count, shared).transpose(0, 1));
    }
}
