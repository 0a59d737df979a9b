package org.hone.data.importer.xstest;

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
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/**
 * Pairs that were made of XSTest's completions beforehand: {@code prompt}, {@code type}, {@code label} (safe or unsafe
 * prompt), {@code chosen} and {@code rejected} with {@code chosen_label} and {@code rejected_label}, and
 * {@code grade}, a rating in words. The safety bin follows from the labels, as for the completions.
 */
public record XsTestPairs() implements ShapedFormat {
    @Override
    public String name() {
        return "xstest-pairs";
    }

    @Override
    public Shape shape() {
        return Shape.texts("prompt", "chosen", "rejected", "chosen_label", "rejected_label", "grade");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        boolean unsafePrompt = switch (record.text("label")) {
            case "safe" -> false;
            case "unsafe" -> true;
            default -> throw record.at("label").unknown("safe or unsafe");
        };
        Completion chosen = Completion.of(record.at("chosen_label"));
        Completion rejected = Completion.of(record.at("rejected_label"));
        if (chosen.grade(unsafePrompt) <= rejected.grade(unsafePrompt)) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE,
                    "the labels do not prefer the chosen response to the other: " + chosen + ", " + rejected);
        }
        @Nullable SafetyBin bin = Completion.bin(chosen.unsafe(unsafePrompt), rejected.unsafe(unsafePrompt));
        return List.of(new Candidate(
                        Dialogue.ofUser(record.text("prompt")),
                        record.text("chosen"),
                        record.text("rejected"),
                        RatingNames.of(record.at("grade")),
                        bin,
                        null)
                .outcome(source));
    }
}
