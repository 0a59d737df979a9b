package org.hone.data.importer.labelstudio;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.RatingNames;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/**
 * Label Studio's JSON export of a project with a {@code Pairwise} control: a task has {@code data}, the fields that were
 * shown, and {@code annotations}. Every annotation is one comparison by its annotator ({@code completed_by}, an id
 * or a user with an id), who becomes part of the pair's id. Which fields of the data are prompt and responses is
 * the project's affair; {@link TaskFields} says how they are found.
 *
 * <p>Of an annotation's {@code result} the entry of type {@code pairwise} says left or right, and two kinds of
 * {@code choices} are understood, whatever their control is called: the four-point scale in words, which is the rating,
 * and {@code both_safe}, {@code both_unsafe}, {@code left_safe} (the right is not) and {@code right_safe}, which is
 * the safety bin. Other choices, comments and labels are ignored. An annotation that was skipped
 * ({@code was_cancelled}) is withdrawn; without a pairwise entry it compares nothing.
 */
public record LabelStudio() implements ShapedFormat {
    @Override
    public String name() {
        return "label-studio";
    }

    @Override
    public Shape shape() {
        return Shape.nested("data", "annotations");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Field data = record.at("data");
        List<Imported> outcomes = new ArrayList<>();
        for (Field annotation : record.items("annotations")) {
            try {
                outcomes.add(compare(data, annotation).outcome(source));
            } catch (Refusal refusal) {
                outcomes.add(refusal.refused());
            }
        }
        return outcomes;
    }

    private static Candidate compare(Field data, Field annotation) throws Refusal {
        if (annotation.node().path("was_cancelled").asBoolean(false)) {
            throw new Refusal(QuarantineReason.WITHDRAWN, "'" + annotation.path() + "' was skipped");
        }
        List<Field> results = annotation.items("result");
        Field pairwise = null;
        for (Field result : results) {
            if (result.node().path("type").asText().equals("pairwise")) {
                pairwise = result;
            }
        }
        if (pairwise == null) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE, "'" + annotation.path() + "' has no pairwise result");
        }
        Field selected = pairwise.at("value").at("selected");
        boolean left = switch (selected.text()) {
            case "left" -> true;
            case "right" -> false;
            default -> throw selected.unknown("left or right");
        };
        Dialogue prompt = TaskFields.prompt(data);
        TaskFields responses = TaskFields.responses(data, pairwise);
        List<String> choices = choices(results);
        return new Candidate(
                prompt,
                left ? responses.left() : responses.right(),
                left ? responses.right() : responses.left(),
                rating(choices),
                safetyBin(choices, left),
                annotator(annotation));
    }

    private static List<String> choices(List<Field> results) throws Refusal {
        List<String> choices = new ArrayList<>();
        for (Field result : results) {
            if (result.node().path("type").asText().equals("choices")) {
                for (Field choice : result.at("value").items("choices")) {
                    choices.add(choice.text());
                }
            }
        }
        return choices;
    }

    private static @Nullable Rating rating(List<String> choices) {
        for (String choice : choices) {
            Rating rating = RatingNames.of(choice);
            if (rating != null) {
                return rating;
            }
        }
        return null;
    }

    private static @Nullable SafetyBin safetyBin(List<String> choices, boolean left) {
        SafetyBin bin = null;
        for (String choice : choices) {
            bin = switch (choice) {
                case "both_safe" -> SafetyBin.BOTH_SAFE;
                case "both_unsafe" -> SafetyBin.BOTH_UNSAFE;
                case "left_safe" -> left ? SafetyBin.CHOSEN_SAFE_OTHER_UNSAFE : SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE;
                case "right_safe" -> left ? SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE : SafetyBin.CHOSEN_SAFE_OTHER_UNSAFE;
                default -> bin;
            };
        }
        return bin;
    }

    private static @Nullable String annotator(Field annotation) throws Refusal {
        if (!annotation.has("completed_by")) {
            return null;
        }
        Field user = annotation.at("completed_by");
        return user.node().isObject() ? user.label("id") : annotation.label("completed_by");
    }
}
