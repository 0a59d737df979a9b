package org.hone.data.importer.demonstration;

import java.util.List;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Prompts;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * Databricks Dolly: {@code instruction}, {@code context}, {@code response}, {@code category}. The context, where there
 * is one, follows the instruction after a blank line.
 */
public record Dolly() implements ShapedFormat {
    @Override
    public String name() {
        return "dolly";
    }

    @Override
    public Shape shape() {
        return Shape.texts("instruction", "response").with(Kind.ANY, "context");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String context = record.optionalText("context");
        return List.of(Examples.example(
                Prompts.ofTask(record.text("instruction"), context == null ? "" : context),
                record.text("response"),
                record.optionalText("category")));
    }
}
