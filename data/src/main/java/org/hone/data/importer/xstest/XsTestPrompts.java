package org.hone.data.importer.xstest;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.prompt.TaggedPrompt;

/**
 * XSTest's prompts (arXiv 2308.01263), CSV or Parquet: {@code prompt}, {@code type}, {@code focus}, {@code note}, and
 * in later editions {@code label}, safe or unsafe, which has to agree with the type. The safe ones are borderline
 * prompts that only sound unsafe, and are tagged so.
 */
public record XsTestPrompts() implements ShapedFormat {
    @Override
    public String name() {
        return "xstest-prompts";
    }

    @Override
    public Shape shape() {
        return Shape.texts("prompt", "type", "focus").with(Kind.ABSENT, "completion", "chosen");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String type = record.text("type");
        boolean unsafe = PromptType.unsafe(record.at("type"));
        String label = record.optionalText("label");
        if (label != null && !label.equals(unsafe ? "unsafe" : "safe")) {
            throw new Refusal(
                    QuarantineReason.UNKNOWN_VALUE, "'label' is '" + label + "' where 'type' is '" + type + "'");
        }
        return List.of(Examples.prompt(
                new TaggedPrompt(Dialogue.ofUser(record.text("prompt")), unsafe, PromptType.risk(type), type, null)));
    }
}
