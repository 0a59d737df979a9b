package org.hone.data.importer.comparison;

import java.util.List;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Prompts;
import org.hone.data.importer.record.RatingScale;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.preference.Rating;

/**
 * UltraFeedback, binarized (HuggingFaceH4): {@code chosen} and {@code rejected} are whole dialogues of
 * {@code {role, content}}, with {@code score_chosen} and {@code score_rejected} from 1 to 10. The many sets that copy
 * this form are read too; without scores the rating is null.
 *
 * <p>The rejected response was drawn at random, so scores may tie: such a pair says nothing. The difference rates:
 * from 4 on significantly better, from 2 on better, from 1 on slightly better, below negligibly.
 */
public record UltraFeedbackBinarized() implements ShapedFormat {
    private static final RatingScale SCALE = new RatingScale(4, 2, 1);

    @Override
    public String name() {
        return "ultrafeedback-binarized";
    }

    @Override
    public Shape shape() {
        return Shape.nested("chosen", "rejected").with(Kind.ABSENT, "data", "summaries");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        List<Turn> chosen = dialogue(record.at("chosen"));
        List<Turn> rejected = dialogue(record.at("rejected"));
        List<Turn> context = chosen.subList(0, chosen.size() - 1);
        if (!context.equals(rejected.subList(0, rejected.size() - 1))) {
            throw new Refusal(
                    QuarantineReason.DIFFERING_CONTEXTS,
                    "chosen has " + chosen.size() + " messages, rejected has " + rejected.size()
                            + ", and they differ before the last");
        }
        Rating rating = null;
        if (record.has("score_chosen") && record.has("score_rejected")) {
            double difference = record.number("score_chosen") - record.number("score_rejected");
            if (difference <= 0) {
                throw new Refusal(
                        QuarantineReason.NOTHING_TO_COMPARE,
                        "the chosen response scores " + record.number("score_chosen") + ", the rejected one "
                                + record.number("score_rejected"));
            }
            rating = SCALE.of(difference);
        }
        return List.of(new Candidate(
                        Prompts.of(context),
                        chosen.get(chosen.size() - 1).text(),
                        rejected.get(rejected.size() - 1).text(),
                        rating)
                .outcome(source));
    }

    private static List<Turn> dialogue(Field messages) throws Refusal {
        List<Turn> turns = Prompts.messages(messages);
        if (turns.isEmpty() || turns.get(turns.size() - 1).role() != Role.ASSISTANT) {
            throw new Refusal(
                    QuarantineReason.NOT_A_DIALOGUE,
                    "'" + messages.path() + "' has " + turns.size() + " messages and does not end with the assistant");
        }
        return turns;
    }
}
