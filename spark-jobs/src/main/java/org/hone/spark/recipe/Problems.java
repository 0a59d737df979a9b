package org.hone.spark.recipe;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/** Collects everything that is wrong with a recipe, so that a user mends it in one go. */
final class Problems {
    private final String file;
    private final List<String> lines = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Mark where, String key, String message) {
        lines.add(file + ":" + (where.getLine() + 1) + ": " + key + ": " + message);
    }

    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new RecipeException(lines);
        }
    }
}
