package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.hone.model.llama.RopeScaling;

/**
 * The rotary embedding's keys of a {@code config.json}.
 *
 * <p>transformers 4 has {@code rope_theta} beside {@code rope_scaling}, transformers 5 has everything inside
 * {@code rope_parameters}; {@code rope_scaling} wins where a file has both, as in transformers.
 *
 * @param theta the base
 * @param scaling how it is stretched
 */
record RopeFields(double theta, RopeScaling scaling) {
    private static final String ALLOWED = "default, linear, dynamic and llama3";

    static RopeFields read(ConfigFields config, int contextLength) {
        String key = config.has("rope_scaling") ? "rope_scaling" : "rope_parameters";
        if (!config.has(key)) {
            return new RopeFields(config.number("rope_theta", 10_000), new RopeScaling.None());
        }
        ConfigFields rope = config.object(key);
        double theta = rope.number("rope_theta", config.number("rope_theta", 10_000));
        if (config.number("rope_theta", theta) != theta) {
            throw new IllegalArgumentException("rope_theta: found " + config.number("rope_theta") + ", and " + theta
                    + " in " + key + "; make them equal");
        }
        if (rope.number("partial_rotary_factor", 1.0) != 1.0) {
            throw new IllegalArgumentException(key + ".partial_rotary_factor: found "
                    + rope.number("partial_rotary_factor") + ", Hone turns whole heads only (1.0)");
        }
        String type = rope.text("rope_type", rope.text("type", "default"));
        RopeScaling scaling = switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(rope.number("factor"));
            case "dynamic" -> new RopeScaling.Dynamic(rope.number("factor"));
            case "llama3" ->
                new RopeScaling.Llama3(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.integer("original_max_position_embeddings", contextLength));
            default ->
                throw new IllegalArgumentException(
                        key + ".rope_type: found " + type + ", Hone runs " + ALLOWED + "; use another model");
        };
        return new RopeFields(theta, scaling);
    }

    void write(ObjectNode config) {
        config.put("rope_theta", theta);
        scaling(config.putObject("rope_parameters")).put("rope_theta", theta);
        if (scaling instanceof RopeScaling.None) {
            config.putNull("rope_scaling");
        } else {
            scaling(config.putObject("rope_scaling"));
        }
    }

    private ObjectNode scaling(ObjectNode rope) {
        if (scaling instanceof RopeScaling.Linear linear) {
            return rope.put("rope_type", "linear").put("factor", linear.factor());
        }
        if (scaling instanceof RopeScaling.Dynamic dynamic) {
            return rope.put("rope_type", "dynamic").put("factor", dynamic.factor());
        }
        if (scaling instanceof RopeScaling.Llama3 llama3) {
            return rope.put("rope_type", "llama3")
                    .put("factor", llama3.factor())
                    .put("low_freq_factor", llama3.lowFrequencyFactor())
                    .put("high_freq_factor", llama3.highFrequencyFactor())
                    .put("original_max_position_embeddings", llama3.originalContext());
        }
        return rope.put("rope_type", "default");
    }
}
