package org.hone.data.importer.comparison;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.RatingScale;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.preference.Rating;

/**
 * Stanford Human Preferences, SHP and SHP-2 (arXiv 2110.08420): two comments {@code human_ref_A} and
 * {@code human_ref_B} on the post {@code history}; {@code labels} is 1 where A is preferred and 0 where B is.
 *
 * <p>The rating is the set's own measure of strength, {@code score_ratio}, the preferred comment's score over the
 * other's, in octaves: from 8 on significantly better, from 4 on better, from 2 on slightly better, below 2
 * negligibly. The authors advise to train from a ratio of 2 or 3 on, which is what the last bound keeps apart.
 * Without the ratio, which some copies drop, the rating is null.
 */
public record StanfordHumanPreferences() implements ShapedFormat {
    private static final RatingScale SCALE = new RatingScale(8, 4, 2);

    @Override
    public String name() {
        return "shp";
    }

    @Override
    public Shape shape() {
        return Shape.texts("history", "human_ref_A", "human_ref_B").with(Kind.ANY, "labels");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Dialogue prompt = Dialogue.ofUser(record.text("history"));
        String first = record.text("human_ref_A");
        String second = record.text("human_ref_B");
        double label = record.number("labels");
        if (label != 0 && label != 1) {
            throw record.at("labels").unknown("1 (A is preferred) or 0 (B is)");
        }
        Rating rating = record.has("score_ratio") ? SCALE.of(record.number("score_ratio")) : null;
        Candidate candidate = label == 1
                ? new Candidate(prompt, first, second, rating)
                : new Candidate(prompt, second, first, rating);
        return List.of(candidate.outcome(source));
    }
}
