package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.hone.model.llama.LlamaConfig;

/**
 * {@code config.json} of the Llama family, read and written.
 *
 * <p>Absent keys mean what they mean to transformers: no {@code num_key_value_heads} is multi-head attention,
 * no {@code head_dim} is hidden_size / num_attention_heads. Whatever Hone would have to ignore to run a model
 * (biases, another activation, another rotary embedding) is refused, for the numbers would be wrong.
 *
 * @param kind policy or reward model
 * @param model the shape
 * @param specialTokens the ids of BOS, EOS and padding
 */
record HuggingFaceConfig(ModelKind kind, LlamaConfig model, SpecialTokens specialTokens) {
    static final String FILE = "config.json";

    /**
     * Control tokens as {@code config.json} has them, each a JSON value since EOS may be a list.
     *
     * @param bos beginning of a sequence
     * @param eos end of a sequence
     */
    record SpecialTokens(JsonNode bos, JsonNode eos) {
        static SpecialTokens ofLlama2() {
            return of(new SaveOptions.ControlTokens(1, 2));
        }

        static SpecialTokens of(SaveOptions.ControlTokens ids) {
            return new SpecialTokens(IntNode.valueOf(ids.bos()), IntNode.valueOf(ids.eos()));
        }
    }

    static HuggingFaceConfig read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        ObjectNode json = Json.read(file);
        try {
            ConfigFields config = new ConfigFields(json);
            checkFamily(config);
            ModelKind kind = kind(json.path("architectures"));
            if (kind == ModelKind.REWARD_MODEL) {
                checkOneLabel(config);
            }
            JsonNode bos = json.path("bos_token_id");
            JsonNode eos = json.path("eos_token_id");
            SpecialTokens defaults = SpecialTokens.ofLlama2();
            return new HuggingFaceConfig(
                    kind,
                    model(config),
                    new SpecialTokens(
                            bos.isMissingNode() ? defaults.bos() : bos, eos.isMissingNode() ? defaults.eos() : eos));
        } catch (IllegalArgumentException problem) {
            throw new CheckpointException(file, "unfit: " + problem.getMessage(), problem);
        }
    }

    private static LlamaConfig model(ConfigFields config) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int context = config.integer("max_position_embeddings");
        if (!config.has("head_dim") && (heads < 1 || hidden % heads != 0)) {
            throw new IllegalArgumentException("hidden_size: " + hidden + " is not a multiple of num_attention_heads "
                    + heads + "; give head_dim");
        }
        RopeFields rope = RopeFields.read(config, context);
        return new LlamaConfig(
                config.integer("vocab_size"),
                hidden,
                config.integer("intermediate_size"),
                config.integer("num_hidden_layers"),
                heads,
                config.integer("num_key_value_heads", heads),
                config.has("head_dim") ? config.integer("head_dim") : hidden / heads,
                context,
                config.number("rms_norm_eps"),
                rope.theta(),
                rope.scaling(),
                config.truth("tie_word_embeddings", false));
    }

    private static void checkFamily(ConfigFields config) {
        require("model_type", config.text("model_type", "nothing"), "llama");
        require("hidden_act", config.text("hidden_act", "silu"), "silu");
        for (String bias : new String[] {"attention_bias", "mlp_bias"}) {
            if (config.truth(bias, false)) {
                throw new IllegalArgumentException(bias + ": found true, a Llama has no biases; use another model");
            }
        }
        if (config.has("quantization_config")) {
            throw new IllegalArgumentException(
                    "quantization_config: Hone runs fp32, bf16 and fp16 weights only; use the model unquantised");
        }
    }

    private static void require(String key, String found, String allowed) {
        if (!found.equals(allowed)) {
            throw new IllegalArgumentException(
                    key + ": found " + found + ", Hone runs " + allowed + " only; use a model of the Llama family");
        }
    }

    private static ModelKind kind(JsonNode architectures) {
        if (architectures.isMissingNode() || architectures.isNull()) {
            return ModelKind.POLICY;
        }
        for (ModelKind kind : ModelKind.values()) {
            if (architectures.size() == 1 && architectures.get(0).asText().equals(kind.architecture())) {
                return kind;
            }
        }
        throw new IllegalArgumentException("architectures: found " + architectures + ", Hone runs "
                + ModelKind.POLICY.architecture() + " and " + ModelKind.REWARD_MODEL.architecture());
    }

    private static void checkOneLabel(ConfigFields config) {
        int labels = config.has("num_labels")
                ? config.integer("num_labels")
                : config.has("id2label") ? config.object("id2label").json().size() : 2;
        if (labels != 1) {
            throw new IllegalArgumentException(
                    "num_labels: found " + labels + ", a reward model gives 1 number; use another model");
        }
    }

    ObjectNode toJson(String dataType) {
        ObjectNode json = Json.object();
        json.putArray("architectures").add(kind.architecture());
        json.put("attention_bias", false).put("attention_dropout", 0.0);
        json.set("bos_token_id", specialTokens.bos());
        json.put("dtype", dataType);
        json.set("eos_token_id", specialTokens.eos());
        json.put("head_dim", model.headSize()).put("hidden_act", "silu").put("hidden_size", model.hiddenSize());
        if (kind == ModelKind.REWARD_MODEL) {
            // transformers derives num_labels from the label names
            json.putObject("id2label").put("0", "reward");
            json.putObject("label2id").put("reward", 0);
        }
        json.put("initializer_range", 0.02)
                .put("intermediate_size", model.intermediateSize())
                .put("max_position_embeddings", model.contextLength())
                .put("mlp_bias", false)
                .put("model_type", "llama")
                .put("num_attention_heads", model.attentionHeads())
                .put("num_hidden_layers", model.layers())
                .put("num_key_value_heads", model.keyValueHeads());
        if (kind == ModelKind.REWARD_MODEL) {
            // transformers finds the last token of a padded row by this id; UNK never ends a response
            json.put("pad_token_id", 0);
        } else {
            json.putNull("pad_token_id");
        }
        json.put("pretraining_tp", 1).put("rms_norm_eps", model.rmsNormEpsilon());
        new RopeFields(model.ropeTheta(), model.ropeScaling()).write(json);
        return json.put("tie_word_embeddings", model.tiedEmbeddings())
                .put("torch_dtype", dataType)
                .put("use_cache", true)
                .put("vocab_size", model.vocabularySize());
    }

    ObjectNode generationJson() {
        ObjectNode json = Json.object();
        json.set("bos_token_id", specialTokens.bos());
        json.set("eos_token_id", specialTokens.eos());
        return json;
    }
}
