package org.hone.data.importer.scored;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.RatingScale;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * UltraFeedback (arXiv 2310.01377): {@code instruction} and {@code completions}, each with {@code response},
 * {@code fine-grained_score}, {@code overall_score} and {@code annotations} of four aspects. The Hugging Face edition
 * may keep {@code completions} as an object of lists.
 *
 * <p>Every two completions are a comparison. They are compared by {@code fine-grained_score}, the mean of the ratings
 * 1 to 5 of instruction following, truthfulness, honesty and helpfulness, or, where it is absent, by that mean itself.
 * {@code overall_score} is not used: it is one judgement of a critique, and the release's first edition holds a 10 where
 * its judge wrote 1. The difference rates: from 2 on significantly better, from 1 on better, from 1/2 on slightly
 * better, below negligibly; equal scores are a tie. The system message that a model was given differs between
 * the completions of one instruction, so it is no part of the prompt.
 */
public record UltraFeedback() implements ShapedFormat {
    private static final RatingScale SCALE = new RatingScale(2, 1, 0.5);
    private static final String SCORE = "fine-grained_score";

    @Override
    public String name() {
        return "ultrafeedback";
    }

    @Override
    public Shape shape() {
        return Shape.texts("instruction").with(Kind.NESTED, "completions");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Dialogue prompt = Dialogue.ofUser(record.text("instruction"));
        List<Field> completions = record.items("completions");
        List<Imported> outcomes = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            for (int j = i + 1; j < completions.size(); j++) {
                try {
                    outcomes.add(compare(prompt, completions.get(i), completions.get(j))
                            .outcome(source));
                } catch (Refusal refusal) {
                    outcomes.add(refusal.refused());
                }
            }
        }
        return outcomes;
    }

    private static Candidate compare(Dialogue prompt, Field first, Field second) throws Refusal {
        double distance = score(first) - score(second);
        if (distance == 0) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE,
                    "'" + first.path() + "' and '" + second.path() + "' both score " + score(first));
        }
        Field chosen = distance > 0 ? first : second;
        Field rejected = distance > 0 ? second : first;
        return new Candidate(prompt, chosen.text("response"), rejected.text("response"), SCALE.of(Math.abs(distance)));
    }

    private static double score(Field completion) throws Refusal {
        if (completion.has(SCORE)) {
            return completion.number(SCORE);
        }
        Field annotations = completion.at("annotations");
        double sum = 0;
        int count = 0;
        for (var names = annotations.node().fieldNames(); names.hasNext(); ) {
            Field aspect = annotations.at(names.next());
            Field rating = aspect.at("Rating");
            if (rating.node().asText().equals("N/A")) {
                throw new Refusal(QuarantineReason.NOTHING_TO_COMPARE, "'" + rating.path() + "' is N/A");
            }
            sum += aspect.number("Rating");
            count++;
        }
        if (count == 0) {
            throw new Refusal(
                    QuarantineReason.MISSING_FIELD,
                    "'" + completion.path() + "' has neither '" + SCORE + "' nor a rating in 'annotations'");
        }
        return sum / count;
    }
}
