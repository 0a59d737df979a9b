package org.hone.data.importer.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Dialogues as chat models are tuned on them: {@code messages} of {@code role} and {@code content}, or ShareGPT's
 * {@code conversations} of {@code from} and {@code value}; Parquet may keep either as an object of lists. One record is
 * one example: the last message, which has to be the assistant's, is the response, and all before it is the prompt.
 * Roles other than system, user and assistant, such as tool, are refused.
 */
public record Chat() implements ShapedFormat {
    @Override
    public String name() {
        return "chat";
    }

    @Override
    public Shape shape() {
        return Shape.nested("messages").with(Kind.ABSENT, "chosen", "rejected");
    }

    @Override
    public boolean recognises(JsonNode record) {
        return shape().matches(record)
                || Shape.nested("conversations")
                        .with(Kind.ABSENT, "chosen", "rejected", "messages")
                        .matches(record);
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        Field messages = record.has("messages") || !record.has("conversations")
                ? record.at("messages")
                : record.at("conversations");
        return List.of(Examples.example(Prompts.messages(messages), record.label("category")));
    }
}
