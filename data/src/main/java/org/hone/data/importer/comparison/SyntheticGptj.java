package org.hone.data.importer.comparison;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * Synthetic Instruct GPT-J pairwise (Dahoas): {@code prompt}, {@code chosen}, {@code rejected}, each one text.
 * No rating. It is also the plainest form in which anybody's comparisons come.
 */
public record SyntheticGptj() implements ShapedFormat {
    @Override
    public String name() {
        return "synthetic-gptj";
    }

    @Override
    public Shape shape() {
        return Shape.texts("prompt", "chosen", "rejected").with(Kind.ABSENT, "grade", "score_chosen", "messages");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        return List.of(new Candidate(
                        Dialogue.ofUser(record.text("prompt")), record.text("chosen"), record.text("rejected"), null)
                .outcome(source));
    }
}
