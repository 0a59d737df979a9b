package org.hone.model.llama;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Shapes that were published, by the names that people have for them: Llama 2 (arXiv 2307.09288; the 34B model's weights were
 * not, its shape is Code Llama's, arXiv 2308.12950), TinyLlama (arXiv 2401.02385), and the llama2.c models that learned
 * TinyStories.
 */
public enum ModelShape {
    /** stories260K. */
    STORIES_260K("260k", new Sizes(64, 172, 5, 8, 4), 512, 512, true),
    /** stories15M. */
    STORIES_15M("15m", new Sizes(288, 768, 6, 6, 6), 256, 32_000, true),
    /** stories42M. */
    STORIES_42M("42m", new Sizes(512, 1_376, 8, 8, 8), 1_024, 32_000, true),
    /** stories110M. */
    STORIES_110M("110m", new Sizes(768, 2_048, 12, 12, 12), 1_024, 32_000, true),
    /** TinyLlama. */
    TINY_LLAMA_1_1B("1.1b", new Sizes(2_048, 5_632, 22, 32, 4), 2_048, 32_000, false),
    /** Llama 2 7B. */
    LLAMA_2_7B("7b", new Sizes(4_096, 11_008, 32, 32, 32), 4_096, 32_000, false),
    /** Llama 2 13B. */
    LLAMA_2_13B("13b", new Sizes(5_120, 13_824, 40, 40, 40), 4_096, 32_000, false),
    /** Llama 2 34B, with grouped-query attention. */
    LLAMA_2_34B("34b", new Sizes(8_192, 22_016, 48, 64, 8), 4_096, 32_000, false),
    /** Llama 2 70B, with grouped-query attention. */
    LLAMA_2_70B("70b", new Sizes(8_192, 28_672, 80, 64, 8), 4_096, 32_000, false);

    private final String label;
    private final int hidden;
    private final int intermediate;
    private final int layers;
    private final int heads;
    private final int keyValueHeads;
    private final int context;
    private final int vocabulary;
    private final boolean tied;

    private record Sizes(int hidden, int intermediate, int layers, int heads, int keyValueHeads) {}

    ModelShape(String label, Sizes sizes, int context, int vocabulary, boolean tied) {
        this.label = label;
        this.hidden = sizes.hidden();
        this.intermediate = sizes.intermediate();
        this.layers = sizes.layers();
        this.heads = sizes.heads();
        this.keyValueHeads = sizes.keyValueHeads();
        this.context = context;
        this.vocabulary = vocabulary;
        this.tied = tied;
    }

    /** {@return the name, such as 7b} */
    public String label() {
        return label;
    }

    /** {@return the sizes} */
    public LlamaConfig config() {
        return new LlamaConfig(
                vocabulary,
                hidden,
                intermediate,
                layers,
                heads,
                keyValueHeads,
                hidden / heads,
                context,
                1e-5,
                10_000,
                new RopeScaling.None(),
                tied);
    }

    /**
     * The shape of a name.
     *
     * @param label the name, in either case
     * @return the shape
     * @throws IllegalArgumentException if there is none of this name
     */
    public static ModelShape named(String label) {
        return Arrays.stream(values())
                .filter(shape -> shape.label.equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("got " + label + ", expected one of "
                        + Arrays.stream(values()).map(ModelShape::label).collect(Collectors.joining(", "))));
    }
}
