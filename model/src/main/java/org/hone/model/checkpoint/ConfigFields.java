package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

/** Typed reading of one JSON object; a null value counts as absent, as it does for transformers. */
record ConfigFields(JsonNode json) {
    boolean has(String key) {
        return json.hasNonNull(key);
    }

    int integer(String key) {
        JsonNode value = required(key);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException(key + ": found " + value + ", expected a whole number");
        }
        return value.intValue();
    }

    int integer(String key, int whenAbsent) {
        return has(key) ? integer(key) : whenAbsent;
    }

    double number(String key) {
        JsonNode value = required(key);
        if (!value.isNumber()) {
            throw new IllegalArgumentException(key + ": found " + value + ", expected a number");
        }
        return value.doubleValue();
    }

    double number(String key, double whenAbsent) {
        return has(key) ? number(key) : whenAbsent;
    }

    boolean truth(String key, boolean whenAbsent) {
        if (!has(key)) {
            return whenAbsent;
        }
        if (!json.get(key).isBoolean()) {
            throw new IllegalArgumentException(key + ": found " + json.get(key) + ", expected true or false");
        }
        return json.get(key).booleanValue();
    }

    String text(String key, String whenAbsent) {
        if (!has(key)) {
            return whenAbsent;
        }
        if (!json.get(key).isTextual()) {
            throw new IllegalArgumentException(key + ": found " + json.get(key) + ", expected a text");
        }
        return json.get(key).textValue();
    }

    ConfigFields object(String key) {
        JsonNode value = required(key);
        if (!value.isObject()) {
            throw new IllegalArgumentException(key + ": found " + value + ", expected an object");
        }
        return new ConfigFields(value);
    }

    private JsonNode required(String key) {
        if (!has(key)) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return json.get(key);
    }
}
