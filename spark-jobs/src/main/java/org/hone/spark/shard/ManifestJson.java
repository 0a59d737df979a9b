package org.hone.spark.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** A manifest as JSON; nothing may be missing, unknown, doubled or of another type. */
final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private ManifestJson() {}

    static String text(ShardManifest manifest) throws JsonProcessingException {
        return JSON.writeValueAsString(manifest) + "\n";
    }

    static ShardManifest read(String file, String text) throws IOException {
        try {
            JsonNode tree = JSON.readTree(text);
            JsonNode version = tree.path("version");
            if (!version.isInt() || version.intValue() != ShardManifest.VERSION) {
                throw new IOException(file + ": a manifest of version "
                        + (version.isMissingNode() ? "1 (it names none)" : version.toString())
                        + "; this Hone reads version " + ShardManifest.VERSION + ": " + ShardManifest.MEND);
            }
            return JSON.treeToValue(tree, ShardManifest.class);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + ": not a manifest of shards: " + e.getOriginalMessage() + "; " + ShardManifest.MEND, e);
        }
    }
}
