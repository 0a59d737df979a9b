package org.hone.data.importer.comparison;

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
import org.hone.data.preference.Rating;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's comparisons of summaries (arXiv 2009.01325): {@code info} holds the post (or the news {@code article}),
 * {@code summaries} two texts with their policies, {@code choice} the index of the better one, {@code worker} who
 * chose. The Hugging Face edition may keep {@code summaries} as an object of lists.
 *
 * <p>The prompt is the paper's own for TL;DR: subreddit, title, post, and {@code TL;DR:} at the end, which asks for
 * the summary; of an article the title and the text stand in their place. A summary loses the space before it,
 * which belonged to that prompt.
 *
 * <p>{@code extra.confidence} goes from 1, surely the first, to 9, surely the second; 5 is in the middle. The
 * distance from 5 rates: 4 significantly better, 3 better, 2 slightly, less negligibly or unsure. It is often
 * absent; then, and where it leans to the summary that was not chosen, the rating is null.
 */
public record SummarizeFromFeedback() implements ShapedFormat {
    private static final RatingScale SCALE = new RatingScale(4, 3, 2);
    private static final int MIDDLE = 5;
    private static final int LAST = 9;

    @Override
    public String name() {
        return "summarize-from-feedback";
    }

    @Override
    public Shape shape() {
        return Shape.nested("info", "summaries").with(Kind.ANY, "choice");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Dialogue prompt = Dialogue.ofUser(prompt(record.at("info")));
        List<Field> summaries = record.items("summaries");
        if (summaries.size() != 2) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE, "'summaries' has " + summaries.size() + ", expected 2");
        }
        double choice = record.number("choice");
        if (choice != 0 && choice != 1) {
            throw record.at("choice").unknown("0 or 1");
        }
        String chosen = summaries.get((int) choice).text("text").strip();
        String rejected = summaries.get(1 - (int) choice).text("text").strip();
        return List.of(new Candidate(prompt, chosen, rejected, rating(record, choice), null, record.label("worker"))
                .outcome(source));
    }

    private static String prompt(Field info) throws Refusal {
        String subreddit = info.optionalText("subreddit");
        String title = info.optionalText("title");
        String text = info.has("post") ? info.text("post") : info.text("article");
        String kind = info.has("post") ? "POST: " : "ARTICLE: ";
        return (subreddit == null ? "" : "SUBREDDIT: r/" + subreddit + "\n\n")
                + (title == null ? "" : "TITLE: " + title + "\n\n") + kind + text + "\n\nTL;DR:";
    }

    private static @Nullable Rating rating(Field record, double choice) throws Refusal {
        if (!record.has("extra") || !record.at("extra").has("confidence")) {
            return null;
        }
        double confidence = record.at("extra").number("confidence");
        if (confidence < 1 || confidence > LAST) {
            throw record.at("extra").at("confidence").unknown("1 (surely the first) to 9 (surely the second)");
        }
        double distance = choice == 1 ? confidence - MIDDLE : MIDDLE - confidence;
        return distance < 0 ? null : SCALE.of(distance);
    }
}
