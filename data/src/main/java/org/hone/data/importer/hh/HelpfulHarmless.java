package org.hone.data.importer.hh;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * HH-RLHF (arXiv 2204.05862): {@code {"chosen": transcript, "rejected": transcript}}, two transcripts that
 * are equal up to their last turn. JSON lines and the Hugging Face Parquet have the same two fields.
 *
 * <p>Nothing is repaired. A transcript in which a model wrote a mark of its own ({@code \n\nAssistant:} within an
 * answer) cannot be told from one with a missing turn, so it goes to quarantine rather than being guessed at. Rating,
 * safety bin, week and annotator are null: these files do not have them. Other fields of the object are ignored.
 */
public record HelpfulHarmless() implements ShapedFormat {
    @Override
    public String name() {
        return "hh-rlhf";
    }

    @Override
    public Shape shape() {
        return Shape.texts("chosen", "rejected").with(Kind.ABSENT, "prompt", "instruction", "question", "history");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String chosenText = record.text("chosen");
        String rejectedText = record.text("rejected");
        Transcript chosen = Transcript.of(chosenText);
        Transcript rejected = Transcript.of(rejectedText);
        if (chosen.turns().size() < 2) {
            throw new Refusal(QuarantineReason.NOT_A_DIALOGUE, "chosen " + chosen.start());
        }
        if (rejected.turns().size() < 2) {
            throw new Refusal(QuarantineReason.NOT_A_DIALOGUE, "rejected " + rejected.start());
        }
        if (!chosen.context().equals(rejected.context())) {
            throw new Refusal(QuarantineReason.DIFFERING_CONTEXTS, chosen.difference(rejected));
        }
        String disorder = chosen.disorder();
        disorder = disorder.isEmpty() ? rejected.disorder() : disorder;
        if (!disorder.isEmpty()) {
            throw new Refusal(QuarantineReason.NOT_A_DIALOGUE, disorder);
        }
        return List.of(new Candidate(
                        new Dialogue(chosen.context()),
                        chosen.last().text(),
                        rejected.last().text(),
                        null)
                .outcome(source));
    }
}
