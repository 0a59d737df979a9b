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
 * Alpaca and what is written like it: {@code instruction}, {@code input}, {@code output}. The input, where there is
 * one, follows the instruction after a blank line; the words that Alpaca's own training put around them are a template,
 * not data.
 */
public record Alpaca() implements ShapedFormat {
    @Override
    public String name() {
        return "alpaca";
    }

    @Override
    public Shape shape() {
        return Shape.texts("instruction", "output").with(Kind.ANY, "input").with(Kind.ABSENT, "instances");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String input = record.optionalText("input");
        return List.of(Examples.example(
                Prompts.ofTask(record.text("instruction"), input == null ? "" : input), record.text("output"), null));
    }
}
