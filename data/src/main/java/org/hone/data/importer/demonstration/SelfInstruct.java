package org.hone.data.importer.demonstration;

import java.util.ArrayList;
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
 * Self-instruct's seed tasks (arXiv 2212.10560): an {@code instruction} with one or more {@code instances} of
 * {@code input} and {@code output}, each of them an example. Whether it {@code is_classification} is the category.
 */
public record SelfInstruct() implements ShapedFormat {
    @Override
    public String name() {
        return "self-instruct";
    }

    @Override
    public Shape shape() {
        return Shape.texts("instruction").with(Kind.NESTED, "instances");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String instruction = record.text("instruction");
        String category = null;
        if (record.has("is_classification")) {
            category = record.at("is_classification").node().asBoolean() ? "classification" : "generation";
        }
        List<Imported> outcomes = new ArrayList<>();
        for (Field instance : record.items("instances")) {
            try {
                String input = instance.optionalText("input");
                outcomes.add(Examples.example(
                        Prompts.ofTask(instruction, input == null ? "" : input), instance.text("output"), category));
            } catch (Refusal refusal) {
                outcomes.add(refusal.refused());
            }
        }
        return outcomes;
    }
}
