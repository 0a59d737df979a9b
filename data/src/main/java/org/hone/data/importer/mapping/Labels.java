package org.hone.data.importer.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.RatingNames;
import org.hone.data.importer.record.Refusal;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.hone.data.prompt.AttackVector;
import org.hone.data.prompt.RiskCategory;
import org.jspecify.annotations.Nullable;

/** Labels of a file, translated where the mapping says so, as values that Hone knows. */
enum Labels {
    RATING("rating") {
        @Override
        @Nullable Object parse(String label) {
            return RatingNames.of(label);
        }

        @Override
        List<?> allowed() {
            return List.of(Rating.values());
        }
    },
    SAFETY_BIN("safety-bin") {
        @Override
        @Nullable Object parse(String label) {
            return constant(SafetyBin.values(), label);
        }

        @Override
        List<?> allowed() {
            return List.of(SafetyBin.values());
        }
    },
    UNSAFE("unsafe") {
        @Override
        @Nullable Object parse(String label) {
            return switch (label.strip().toLowerCase(Locale.ROOT)) {
                case "true", "1", "yes", "unsafe" -> true;
                case "false", "0", "no", "safe" -> false;
                default -> null;
            };
        }

        @Override
        List<?> allowed() {
            return List.of(true, false);
        }
    },
    RISK_CATEGORY("risk-category") {
        @Override
        @Nullable Object parse(String label) {
            return constant(RiskCategory.values(), label);
        }

        @Override
        List<?> allowed() {
            return List.of(RiskCategory.values());
        }
    },
    ATTACK_VECTOR("attack-vector") {
        @Override
        @Nullable Object parse(String label) {
            return constant(AttackVector.values(), label);
        }

        @Override
        List<?> allowed() {
            return List.of(AttackVector.values());
        }
    };

    private final String target;

    Labels(String target) {
        this.target = target;
    }

    /** The value that a text names in any case, with dashes or underscores; null if it names none. */
    abstract @Nullable Object parse(String label);

    abstract List<?> allowed();

    static List<String> targets() {
        return Arrays.stream(values()).map(labels -> labels.target).toList();
    }

    static Labels of(String target) {
        return Arrays.stream(values())
                .filter(labels -> labels.target.equals(target))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "mapping.values." + target + ": only labels have values; allowed are " + targets()));
    }

    /** The allowed values as they are written in a recipe. */
    List<String> names() {
        return allowed().stream()
                .map(value -> value.toString().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Nullable Object read(@Nullable Field field, Map<String, String> translations) throws Refusal {
        if (field == null || field.node().isNull() || field.node().asText().isBlank()) {
            return null;
        }
        if (!field.node().isValueNode()) {
            throw new Refusal(
                    QuarantineReason.WRONG_TYPE,
                    "'" + field.path() + "' is " + field.node().getNodeType());
        }
        String label = field.node().asText();
        Object value = parse(translations.getOrDefault(label, label));
        if (value == null) {
            throw field.unknown(
                    translations.isEmpty()
                            ? "one of " + names()
                            : "one of " + translations.keySet() + " or " + names());
        }
        return value;
    }

    private static <E extends Enum<E>> @Nullable E constant(E[] constants, String label) {
        String name = label.strip().toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        for (E constant : constants) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        return null;
    }
}
