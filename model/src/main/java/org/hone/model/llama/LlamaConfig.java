package org.hone.model.llama;

/**
 * The shape of a Llama (recipe section 1; names as in a Hugging Face {@code config.json}).
 *
 * @param vocabularySize V, rows of the token embedding
 * @param hiddenSize H, width of the residual stream
 * @param intermediateSize width of the feed-forward layer
 * @param layers number of blocks
 * @param attentionHeads query heads
 * @param keyValueHeads key and value heads: equal to the query heads (MHA), fewer (GQA) or one (MQA)
 * @param headSize D, width of a head
 * @param contextLength the longest sequence, in tokens
 * @param rmsNormEpsilon ε of RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param ropeScaling how the rotary embedding is stretched
 * @param tiedEmbeddings whether the output head is the token embedding
 */
public record LlamaConfig(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int attentionHeads,
        int keyValueHeads,
        int headSize,
        int contextLength,
        double rmsNormEpsilon,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean tiedEmbeddings) {
    /**
     * Checks that the shape is one that a Llama can have.
     *
     * @param vocabularySize at least 1
     * @param hiddenSize at least 1
     * @param intermediateSize at least 1
     * @param layers at least 1
     * @param attentionHeads at least 1
     * @param keyValueHeads a divisor of the query heads
     * @param headSize even
     * @param contextLength at least 1
     * @param rmsNormEpsilon above 0
     * @param ropeTheta above 0
     * @param ropeScaling any
     * @param tiedEmbeddings either
     */
    public LlamaConfig {
        positive("vocab_size", vocabularySize);
        positive("hidden_size", hiddenSize);
        positive("intermediate_size", intermediateSize);
        positive("num_hidden_layers", layers);
        positive("num_attention_heads", attentionHeads);
        positive("num_key_value_heads", keyValueHeads);
        positive("head_dim", headSize);
        positive("max_position_embeddings", contextLength);
        if (attentionHeads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "num_key_value_heads: " + keyValueHeads + " does not divide num_attention_heads " + attentionHeads);
        }
        if (headSize % 2 != 0) {
            throw new IllegalArgumentException(
                    "head_dim: " + headSize + " is odd; rotary embeddings turn pairs of channels");
        }
        if (!(rmsNormEpsilon > 0) || !(ropeTheta > 0)) {
            throw new IllegalArgumentException(
                    "rms_norm_eps and rope_theta must be above 0; got " + rmsNormEpsilon + " and " + ropeTheta);
        }
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " must be at least 1");
        }
    }

    /**
     * Whether sequences that begin alike have the same hidden states there: not with dynamic RoPE scaling beyond the context,
     * where the angle of every position depends on the sequence's length.
     *
     * @param longest tokens of the longest of the sequences
     * @return whether {@link PackedBatch#ofGroups} may be used
     */
    public boolean canSharePrefixes(int longest) {
        return !(ropeScaling instanceof RopeScaling.Dynamic) || longest <= contextLength;
    }
}
