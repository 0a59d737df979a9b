package org.hone.data.importer.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.prompt.RiskCategory;
import org.hone.data.prompt.TaggedPrompt;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's moderation samples (arXiv 2208.03274): {@code prompt} and eight labels of 0 or 1, of which a sample may lack
 * some: sexual (S), hate (H), violence (V), harassment (HR), self-harm (SH), sexual with minors (S3), hate with a
 * threat (H2), graphic violence (V2). A prompt is unsafe if any label is 1, and safe if all eight are 0; where none is 1
 * and some are absent, the source does not say. Its category is the labels that are 1, joined by commas.
 */
public record OpenAiModeration() implements ShapedFormat {
    private static final List<String> LABELS = List.of("S", "H", "V", "HR", "SH", "S3", "H2", "V2");

    @Override
    public String name() {
        return "openai-moderation";
    }

    @Override
    public Shape shape() {
        return Shape.texts("prompt").with(Kind.ABSENT, "chosen", "messages", "type");
    }

    @Override
    public boolean recognises(JsonNode record) {
        return shape().matches(record) && LABELS.stream().anyMatch(record::has);
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        List<String> set = new ArrayList<>();
        int known = 0;
        for (String label : LABELS) {
            if (record.has(label)) {
                known++;
                double value = record.number(label);
                if (value != 0 && value != 1) {
                    throw record.at(label).unknown("0 or 1");
                }
                if (value == 1) {
                    set.add(label);
                }
            }
        }
        Boolean safeOrUnknown = known == LABELS.size() ? false : null;
        return List.of(Examples.prompt(new TaggedPrompt(
                Dialogue.ofUser(record.text("prompt")),
                set.isEmpty() ? safeOrUnknown : Boolean.TRUE,
                risk(set),
                set.isEmpty() ? null : String.join(",", set),
                null)));
    }

    /**
     * The recipe's category of labels: sexual content with minors is a crime whatever else it is: illicit and criminal
     * activities. All others, sexual content, hate, harassment, violence glorified or shown, self-harm, are
     * hateful and harmful activities: the labels are about content that hurts, not about instructions for a crime.
     */
    private static @Nullable RiskCategory risk(List<String> set) {
        if (set.isEmpty()) {
            return null;
        }
        return set.contains("S3")
                ? RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES
                : RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES;
    }
}
