package org.hone.data.importer.comparison;

import com.fasterxml.jackson.databind.JsonNode;
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
 * WebGPT's comparisons (arXiv 2112.09332). A line of the release is a list of two objects with {@code question},
 * {@code answer} and {@code score}; the Hugging Face edition is one object with {@code question},
 * {@code answer_0}, {@code score_0}, {@code answer_1} and {@code score_1}. {@code question} is an object with
 * {@code full_text}. Quotes and tokens are not imported; an answer keeps its marks of citation, such as [1].
 *
 * <p>The scores go from −1 to 1 and sum to 0: the strength of the preference. The better answer's score s rates it:
 * from 3/4 on significantly better, from 1/2 on better, from 1/4 on slightly better, below negligibly. Both 0 is a tie.
 */
public record WebGpt() implements ShapedFormat {
    private static final RatingScale SCALE = new RatingScale(0.75, 0.5, 0.25);

    @Override
    public String name() {
        return "webgpt";
    }

    @Override
    public Shape shape() {
        return Shape.nested("question").with(Kind.TEXT, "answer_0", "answer_1").with(Kind.ANY, "score_0", "score_1");
    }

    @Override
    public boolean recognises(JsonNode record) {
        Shape half = Shape.nested("question").with(Kind.TEXT, "answer").with(Kind.ANY, "score");
        if (!record.isArray()) {
            return shape().matches(record);
        }
        return record.size() == 2 && half.matches(record.get(0)) && half.matches(record.get(1));
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        if (!record.node().isArray()) {
            return List.of(compare(
                    record.at("question"),
                    new Answer(record.text("answer_0"), record.number("score_0")),
                    new Answer(record.text("answer_1"), record.number("score_1")),
                    source));
        }
        List<Field> halves = record.items();
        if (halves.size() != 2) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE, "the list has " + halves.size() + " answers, expected 2");
        }
        Field first = halves.get(0);
        Field second = halves.get(1);
        if (!first.at("question").text("full_text").equals(second.at("question").text("full_text"))) {
            throw new Refusal(QuarantineReason.DIFFERING_CONTEXTS, "the two answers have different questions");
        }
        return List.of(compare(
                first.at("question"),
                new Answer(first.text("answer"), first.number("score")),
                new Answer(second.text("answer"), second.number("score")),
                source));
    }

    private static Imported compare(Field question, Answer first, Answer second, String source) throws Refusal {
        Dialogue prompt = Dialogue.ofUser(question.text("full_text"));
        if (first.score() == second.score()) {
            throw new Refusal(QuarantineReason.NOTHING_TO_COMPARE, "both answers have the score " + first.score());
        }
        Answer chosen = first.score() > second.score() ? first : second;
        Answer rejected = first.score() > second.score() ? second : first;
        return new Candidate(prompt, chosen.text(), rejected.text(), SCALE.of(chosen.score())).outcome(source);
    }

    private record Answer(String text, double score) {}
}
