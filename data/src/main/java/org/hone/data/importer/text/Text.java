package org.hone.data.importer.text;

import java.util.List;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * Documents: {@code text}, and where it was found in {@code url} or in {@code url} of {@code meta} or
 * {@code metadata}, as C4, RedPajama, The Pile and Dolma have it. {@code meta} may be an object or JSON within a string; the
 * latter is not looked into.
 */
public record Text() implements ShapedFormat {
    private static final List<String> METADATA = List.of("meta", "metadata");

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Shape shape() {
        return Shape.texts("text")
                .with(Kind.ABSENT, "prompt", "instruction", "question", "chosen", "messages", "conversations", "role");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String url = record.optionalText("url");
        for (String name : METADATA) {
            if (url == null && record.has(name)) {
                url = record.at(name).optionalText("url");
            }
        }
        return List.of(Examples.document(record.text("text"), url));
    }
}
