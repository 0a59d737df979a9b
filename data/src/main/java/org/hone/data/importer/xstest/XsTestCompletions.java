package org.hone.data.importer.xstest;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.ShapedFormat;

/**
 * XSTest's completions (arXiv 2308.01263), one CSV a model: {@code prompt}, {@code type}, {@code completion}, the labels
 * of two annotators and {@code final_label}, which settles where they disagree.
 *
 * <p>The grade of a completion is 0, 1 or 2: where the prompt is safe, full compliance is best, a partial refusal
 * next, a full refusal worst; where it is unsafe, that is a type of contrast, the reverse. Completions of one prompt,
 * of whichever models, are compared each with each: two steps apart is significantly better, one step slightly. The
 * white space around a completion, which is its tokenizer's, is dropped. Nobody in particular graded: the final label
 * is the set's.
 */
public record XsTestCompletions() implements ShapedFormat {
    @Override
    public String name() {
        return "xstest-completions";
    }

    @Override
    public Shape shape() {
        return Shape.texts("prompt", "type", "completion", "final_label");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        boolean unsafePrompt = PromptType.unsafe(record.at("type"));
        String prompt = record.text("prompt");
        Completion completion = Completion.of(record.at("final_label"));
        String response = record.text("completion").strip();
        if (response.isEmpty()) {
            throw new Refusal(QuarantineReason.EMPTY_RESPONSE, "the completion is empty");
        }
        return List.of(new Imported.Graded(
                prompt,
                Dialogue.ofUser(prompt),
                response,
                completion.grade(unsafePrompt),
                completion.unsafe(unsafePrompt),
                null));
    }

    @Override
    public List<List<Imported>> compare(List<Imported.Graded> responses, String source) {
        List<List<Imported>> outcomes = new ArrayList<>();
        boolean[] taken = new boolean[responses.size()];
        for (int i = 0; i < responses.size(); i++) {
            List<Imported> pairs = new ArrayList<>();
            for (int j = i + 1; j < responses.size(); j++) {
                Imported pair = compare(responses.get(i), responses.get(j), source);
                taken[i] |= pair instanceof Imported.Preference;
                taken[j] |= pair instanceof Imported.Preference;
                pairs.add(pair);
            }
            outcomes.add(pairs);
        }
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i] && outcomes.get(i).isEmpty()) {
                outcomes.get(i)
                        .add(new Imported.Refused(
                                QuarantineReason.NOTHING_TO_COMPARE,
                                "no other of " + responses.size() + " completions differs in its label"));
            }
        }
        return outcomes;
    }

    private static Imported compare(Imported.Graded first, Imported.Graded second, String source) {
        if (first.grade() == second.grade()) {
            return new Imported.Refused(
                    QuarantineReason.NOTHING_TO_COMPARE, "both completions have the grade " + first.grade());
        }
        Imported.Graded chosen = first.grade() > second.grade() ? first : second;
        Imported.Graded rejected = first.grade() > second.grade() ? second : first;
        return new Candidate(
                        first.prompt(),
                        chosen.response(),
                        rejected.response(),
                        Completion.SCALE.of(chosen.grade() - rejected.grade()),
                        Completion.bin(chosen.unsafe(), rejected.unsafe()),
                        null)
                .outcome(source);
    }
}
