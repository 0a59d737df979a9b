package org.hone.data.importer.scored;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
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
 * StackExchange preferences (HuggingFaceH4, scored as in arXiv 2112.00861): {@code question} and the {@code text} of
 * every answer are HTML; {@code pm_score} is log2(1 + votes) rounded, one more if the asker accepted the answer, and
 * −1 for a negative vote. The Hugging Face edition may keep {@code answers} as an object of lists.
 *
 * <p>The score counts doublings of the votes; a difference of 1 is slightly better, 2 better, 3 or more
 * significantly better. A popular question has hundreds of answers and so tens of thousands of comparisons of the same
 * few texts; at most {@value #MOST_PAIRS} are taken. The answers are put in order, highest score first and of
 * equal scores the smaller id first; then neighbours are compared, then those two apart, and so on, and those of
 * equal score are passed over. So each answer is used once before any is used often, and the same ones are taken in
 * every run. HTML becomes plain text; see {@link HtmlText}.
 */
public record StackExchange() implements ShapedFormat {
    /** The most comparisons of one question. */
    static final int MOST_PAIRS = 10;

    private static final RatingScale SCALE = new RatingScale(3, 2, 1);

    @Override
    public String name() {
        return "stack-exchange";
    }

    @Override
    public Shape shape() {
        return Shape.texts("question").with(Kind.ANY, "qid").with(Kind.NESTED, "answers");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Dialogue prompt = Dialogue.ofUser(HtmlText.of(record.text("question")));
        List<Imported> outcomes = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (Field answer : record.items("answers")) {
            try {
                answers.add(new Answer(
                        answer.number("pm_score"),
                        answer.has("answer_id") ? answer.number("answer_id") : answers.size(),
                        answer.text("text")));
            } catch (Refusal refusal) {
                outcomes.add(refusal.refused());
            }
        }
        answers.sort(Comparator.comparingDouble(Answer::score)
                .reversed()
                .thenComparingDouble(Answer::id)
                .thenComparing(Answer::html));
        List<Candidate> candidates = candidates(prompt, answers);
        for (Candidate candidate : candidates) {
            outcomes.add(candidate.outcome(source));
        }
        if (candidates.isEmpty()) {
            outcomes.add(new Imported.Refused(
                    QuarantineReason.NOTHING_TO_COMPARE,
                    answers.size() < 2
                            ? "the question has " + answers.size() + " answers"
                            : "all " + answers.size() + " answers have the same pm_score"));
        }
        return outcomes;
    }

    private static List<Candidate> candidates(Dialogue prompt, List<Answer> answers) {
        List<Candidate> candidates = new ArrayList<>();
        // an answer of many comparisons is converted once, one of none not at all
        IdentityHashMap<Answer, String> texts = new IdentityHashMap<>();
        for (int apart = 1; apart < answers.size(); apart++) {
            for (int i = 0; i + apart < answers.size() && candidates.size() < MOST_PAIRS; i++) {
                Answer better = answers.get(i);
                Answer other = answers.get(i + apart);
                if (better.score() > other.score()) {
                    candidates.add(new Candidate(
                            prompt,
                            texts.computeIfAbsent(better, answer -> HtmlText.of(answer.html())),
                            texts.computeIfAbsent(other, answer -> HtmlText.of(answer.html())),
                            SCALE.of(better.score() - other.score())));
                }
            }
        }
        return candidates;
    }

    private record Answer(double score, double id, String html) {}
}
