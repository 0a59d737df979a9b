package org.hone.model.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Low-rank adapters (LoRA, arXiv 2106.09685): a model's own weights stay as they are, and beside each chosen matrix W two
 * small ones are trained, y = x · Wᵀ + (α/r) · (x · Aᵀ) · Bᵀ, with A (r, in) and B (out, r). No dropout.
 *
 * <p>The heads of a reward model are new, so they are trained whole. Weights are named as in peft, without its prefix.
 */
public final class LowRankAdapters implements AutoCloseable {
    private static final String WEIGHT = ".weight";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final Network network;
    private final Settings settings;
    private final Map<String, LowRank> adapters;
    private final Map<String, Tensor> heads;

    /** The matrices of a block that adapters can stand beside. */
    public enum Target {
        /** Queries. */
        Q_PROJ("self_attn"),
        /** Keys. */
        K_PROJ("self_attn"),
        /** Values. */
        V_PROJ("self_attn"),
        /** The attention's output. */
        O_PROJ("self_attn"),
        /** The gate of the feed-forward layer. */
        GATE_PROJ("mlp"),
        /** What the gate opens for. */
        UP_PROJ("mlp"),
        /** Back to the residual stream. */
        DOWN_PROJ("mlp");

        private final String part;

        Target(String part) {
            this.part = part;
        }

        /** {@return the module's name in transformers} */
        public String module() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The target of a name.
         *
         * @param module the module's name in transformers
         * @return the target
         * @throws IllegalArgumentException if there is none of this name
         */
        public static Target named(String module) {
            return Arrays.stream(values())
                    .filter(target -> target.module().equals(module))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("got " + module + ", expected some of "
                            + Arrays.stream(values()).map(Target::module).collect(Collectors.joining(", "))));
        }

        String path(int layer) {
            return "model.layers." + layer + "." + part + "." + module();
        }
    }

    /**
     * How large the adapters are and where they stand.
     *
     * @param rank r
     * @param alpha α
     * @param targets beside which matrices of every block
     */
    public record Settings(int rank, double alpha, Set<Target> targets) {
        /**
         * Checks the settings.
         *
         * @param rank at least 1
         * @param alpha above 0
         * @param targets at least one
         */
        public Settings {
            if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
                throw new IllegalArgumentException("adapters of rank " + rank + " with alpha " + alpha + " beside "
                        + targets + "; expected a rank of at least 1, an alpha above 0 and at least one target");
            }
            targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
        }

        /** {@return α/r} */
        public double scale() {
            return alpha / rank;
        }
    }

    /**
     * Puts given adapters beside a model's weights, which are frozen.
     *
     * @param network the model; it must outlive the adapters
     * @param settings rank, α and targets
     * @param weights A and B of every target by the names of {@link #shapes}; they are kept, and closed with the adapters
     * @throws IllegalArgumentException if a weight is missing, unexpected or of another shape
     */
    public LowRankAdapters(Network network, Settings settings, Map<String, Tensor> weights) {
        this.network = network;
        this.settings = settings;
        Map<String, Tensor> adopted = Parameters.adopt(shapes(network.config(), settings), weights);
        this.adapters = new LinkedHashMap<>();
        for (String path : paths(network.config(), settings)) {
            adapters.put(
                    path,
                    new LowRank(
                            Parameters.named(adopted, path + DOWN),
                            Parameters.named(adopted, path + UP),
                            settings.scale()));
        }
        this.heads = new LinkedHashMap<>();
        network.parameters().forEach((name, weight) -> {
            if (network instanceof RewardModel && !name.startsWith("model.")) {
                heads.put(name, weight);
            } else {
                weight.requiresGradient(false);
            }
        });
        Map<Tensor, LowRank> byWeight = new LinkedHashMap<>();
        adapters.forEach((path, adapter) -> byWeight.put(weight(path), adapter));
        body().adapt(byWeight);
    }

    /**
     * Puts new adapters beside a model's weights, which are frozen: A uniform in ±1/√in as in peft, B zero, so that the model
     * is at first what it was.
     *
     * @param network the model; it must outlive the adapters
     * @param settings rank, α and targets
     * @param seed of A; the same on every machine
     * @return the adapters
     */
    public static LowRankAdapters initialise(Network network, Settings settings, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Tensor like = network.parameters().values().iterator().next();
        Memory.withoutGradients(() ->
                Memory.tidy(() -> shapes(network.config(), settings).forEach((name, shape) -> {
                    float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
                    double bound = name.endsWith(DOWN) ? 1 / StrictMath.sqrt((double) shape[1]) : 0;
                    for (int i = 0; i < values.length && bound > 0; i++) {
                        values[i] = (float) (bound * (2 * random.nextDouble() - 1));
                    }
                    weights.put(
                            name,
                            Tensors.of(values, shape)
                                    .to(like.dataType())
                                    .to(like.device())
                                    .keep());
                })));
        return new LowRankAdapters(network, settings, weights);
    }

    /**
     * Tells which weights adapters have.
     *
     * @param config the model's shape
     * @param settings rank, α and targets
     * @return the shape of every A and B, in a fixed order
     */
    public static Map<String, long[]> shapes(LlamaConfig config, Settings settings) {
        Map<String, long[]> body = Parameters.bodyShapes(config);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String path : paths(config, settings)) {
            long[] whole = Objects.requireNonNull(body.get(path + WEIGHT));
            shapes.put(path + DOWN, new long[] {settings.rank(), whole[1]});
            shapes.put(path + UP, new long[] {whole[0], settings.rank()});
        }
        return shapes;
    }

    private static List<String> paths(LlamaConfig config, Settings settings) {
        List<String> paths = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Target target : settings.targets()) {
                paths.add(target.path(layer));
            }
        }
        return paths;
    }

    /** {@return the model that they stand beside} */
    public Network network() {
        return network;
    }

    /** {@return rank, α and targets} */
    public Settings settings() {
        return settings;
    }

    /** {@return what is trained, by name: every A and B, then a reward model's heads} */
    public Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        adapters.forEach((path, adapter) -> {
            parameters.put(path + DOWN, adapter.down());
            parameters.put(path + UP, adapter.up());
        });
        parameters.putAll(heads);
        return parameters;
    }

    /**
     * Adds every ΔW to its weight: the model then gives the same numbers without the adapters, which are taken off and may be
     * closed.
     */
    public void merge() {
        body().adapt(Map.of());
        Memory.withoutGradients(() -> adapters.forEach(
                (path, adapter) -> Memory.tidy(() -> InPlace.add(weight(path), adapter.difference()))));
        network.parameters().values().forEach(weight -> weight.requiresGradient(true));
    }

    private Tensor weight(String path) {
        return Parameters.named(network.parameters(), path + WEIGHT);
    }

    private Transformer body() {
        return network instanceof Llama policy ? policy.body() : ((RewardModel) network).body();
    }

    /** Frees A and B; the model goes on without them. */
    @Override
    public void close() {
        body().adapt(Map.of());
        adapters.values().forEach(adapter -> {
            adapter.down().close();
            adapter.up().close();
        });
    }
}
