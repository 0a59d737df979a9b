package org.hone.data.importer.comparison;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Prompts;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * FineGrainedRLHF's feedback (arXiv 2306.01693): {@code question}, {@code passages} that ground the answer, four
 * answers {@code prediction 1} to {@code prediction 4}, and {@code preference}, six comparisons of them in the order
 * 1–2, 1–3, 1–4, 2–3, 2–4, 3–4: 1 if the first is preferred, 2 if the second, 0 if neither.
 *
 * <p>The prompt is the question and then the passages, each its title in a line and its sentences in one paragraph:
 * the answers were written, and judged, with the passages at hand. The errors, the missing information
 * and the correction, which are of {@code prediction 1} alone, are not imported. No rating: there was no scale.
 */
public record FineGrainedFeedback() implements ShapedFormat {
    private static final int PREDICTIONS = 4;
    private static final int COMPARISONS = 6;

    @Override
    public String name() {
        return "fine-grained-rlhf";
    }

    @Override
    public Shape shape() {
        return Shape.texts("question", "prediction 1", "prediction 2", "prediction 3", "prediction 4")
                .with(Kind.NESTED, "preference");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Dialogue prompt = Prompts.ofTask(record.text("question"), passages(record));
        List<String> predictions = new ArrayList<>();
        for (int i = 1; i <= PREDICTIONS; i++) {
            predictions.add(record.text("prediction " + i));
        }
        List<Field> preferences = record.items("preference");
        if (preferences.size() != COMPARISONS) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE,
                    "'preference' has " + preferences.size() + " comparisons, expected " + COMPARISONS);
        }
        List<Imported> outcomes = new ArrayList<>();
        for (int first = 0; first < PREDICTIONS; first++) {
            for (int second = first + 1; second < PREDICTIONS; second++) {
                try {
                    outcomes.add(compare(
                                    prompt,
                                    predictions.get(first),
                                    predictions.get(second),
                                    preferences.get(outcomes.size()))
                            .outcome(source));
                } catch (Refusal refusal) {
                    outcomes.add(refusal.refused());
                }
            }
        }
        return outcomes;
    }

    private static Candidate compare(Dialogue prompt, String first, String second, Field preference) throws Refusal {
        return switch (preference.node().asText()) {
            case "0" ->
                throw new Refusal(QuarantineReason.NOTHING_TO_COMPARE, "'" + preference.path() + "' is 0: a tie");
            case "1" -> new Candidate(prompt, first, second, null);
            case "2" -> new Candidate(prompt, second, first, null);
            default -> throw preference.unknown("1 (the first is preferred), 2 (the second is) or 0 (neither)");
        };
    }

    private static String passages(Field record) throws Refusal {
        if (!record.has("passages")) {
            return "";
        }
        List<String> paragraphs = new ArrayList<>();
        for (Field passage : record.items("passages")) {
            StringBuilder text = new StringBuilder();
            for (Field sentence : passage.items()) {
                text.append(sentence.text()).append(text.indexOf("\n") < 0 ? '\n' : ' ');
            }
            paragraphs.add(text.toString().strip());
        }
        return String.join("\n\n", paragraphs);
    }
}
