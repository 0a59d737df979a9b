package org.hone.data.importer.demonstration;

import java.util.List;
import java.util.regex.Pattern;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;

/**
 * GSM8K (arXiv 2110.14168): {@code question} and {@code answer}, whose last line is {@code #### } and the number. The
 * answer's calculator marks, such as {@code <<48/2=24>>}, are left out: they are calls of a tool that the model does
 * not have, and the text says the same without them.
 */
public record GradeSchoolMath() implements ShapedFormat {
    private static final Pattern CALCULATOR = Pattern.compile("<<[^<>\n]*>>");

    @Override
    public String name() {
        return "gsm8k";
    }

    @Override
    public Shape shape() {
        return Shape.texts("question", "answer").with(Kind.ABSENT, "qid", "answers", "preference");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String answer = CALCULATOR.matcher(record.text("answer")).replaceAll("");
        return List.of(Examples.example(Dialogue.ofUser(record.text("question")), answer, null));
    }
}
