package org.hone.data.importer.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the rows of a mapped file are, and so what its columns may be mapped to. */
public enum MappingKind {
    /** Comparisons. */
    PREFERENCE,
    /** Demonstrations. */
    SFT,
    /** Prompts without an answer. */
    PROMPT,
    /** Text to pretrain on. */
    DOCUMENT;

    /**
     * The kind of a name.
     *
     * @param name its name in a recipe
     * @return the kind
     * @throws IllegalArgumentException if there is none of this name
     */
    public static MappingKind named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("mapping.kind: '" + name + "', allowed are "
                        + Arrays.stream(values()).map(MappingKind::key).toList()));
    }

    /**
     * The name in a recipe.
     *
     * @return lower case
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> required() {
        return switch (this) {
            case PREFERENCE -> List.of("prompt", "chosen", "rejected");
            case SFT -> List.of("prompt", "response");
            case PROMPT -> List.of("prompt");
            case DOCUMENT -> List.of("text");
        };
    }

    List<String> targets() {
        List<String> targets = new ArrayList<>(required());
        targets.addAll(
                switch (this) {
                    case PREFERENCE -> List.of("system", "rating", "safety-bin", "margin", "annotator");
                    case SFT -> List.of("system", "category");
                    case PROMPT -> List.of("system", "unsafe", "risk-category", "category", "attack-vector");
                    case DOCUMENT -> List.of("url");
                });
        return targets;
    }
}
