package org.hone.data.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A sentence of the grammar with its slots: it can be written for a meaning, and a prompt can be read back. */
final class Sentence {
    private static final Pattern SLOT = Pattern.compile("\\{(key|object|relation|name|first|second)\\}");

    private Sentence() {}

    /** Fills the slots of a sentence. */
    static String write(String sentence, Meaning meaning) {
        return SLOT.matcher(sentence)
                .replaceAll(slot -> Matcher.quoteReplacement(
                        switch (slot.group(1)) {
                            case "key" -> meaning.fact().key();
                            case "object" -> meaning.object();
                            case "relation" -> meaning.relation();
                            case "name" -> meaning.name();
                            case "first" -> meaning.fact().first();
                            case "second" -> meaning.fact().second();
                            default -> throw new IllegalStateException("no slot is called " + slot.group(1));
                        }));
    }

    /** Splits a sentence into its parts: plain text, or a slot's name in braces. */
    static List<String> parts(String sentence) {
        List<String> parts = new ArrayList<>();
        Matcher slots = SLOT.matcher(sentence);
        int from = 0;
        while (slots.find()) {
            if (slots.start() > from) {
                parts.add(sentence.substring(from, slots.start()));
            }
            parts.add(slots.group());
            from = slots.end();
        }
        if (from < sentence.length()) {
            parts.add(sentence.substring(from));
        }
        return parts;
    }

    /** What can stand in a slot of a topic's sentence. */
    static List<String> fillings(String part, Topic topic) {
        return switch (part) {
            case "{key}" -> topic.facts().stream().map(Fact::key).toList();
            case "{object}" -> topic.objects();
            case "{relation}" -> Grammar.RELATIONS;
            case "{name}" -> Grammar.NAMES;
            case "{first}" -> topic.facts().stream().map(Fact::first).toList();
            case "{second}" -> topic.facts().stream().map(Fact::second).toList();
            default -> List.of(part);
        };
    }

    /** The reader of one wording of a topic's question: text to meaning, or null when the text is not that question. */
    static Function<String, @Nullable Meaning> reader(String question, Topic topic) {
        StringBuilder expression = new StringBuilder();
        for (String part : parts(question)) {
            if (part.startsWith("{")) {
                String slot = part.substring(1, part.length() - 1);
                boolean repeated = expression.indexOf("(?<" + slot + ">") >= 0;
                expression.append(repeated ? "\\k<" + slot + ">" : "(?<" + slot + ">\\w+)");
            } else {
                expression.append(Pattern.quote(part));
            }
        }
        Pattern pattern = Pattern.compile(expression.toString());
        Map<String, Fact> facts = Grammar.factsByKey(topic);
        return text -> {
            Matcher match = pattern.matcher(text);
            if (!match.matches()) {
                return null;
            }
            Fact fact = facts.get(match.group("key"));
            String object = match.group("object");
            String relation = match.group("relation");
            String name = match.group("name");
            if (fact == null
                    || !topic.objects().contains(object)
                    || !Grammar.RELATIONS.contains(relation)
                    || !Grammar.NAMES.contains(name)) {
                return null;
            }
            return new Meaning(topic, fact, object, relation, name);
        };
    }
}
