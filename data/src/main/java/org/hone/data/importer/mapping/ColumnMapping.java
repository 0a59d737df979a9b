package org.hone.data.importer.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.Format;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Meaning;
import org.hone.data.importer.record.Prompts;
import org.hone.data.importer.record.Refusal;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.hone.data.prompt.AttackVector;
import org.hone.data.prompt.RiskCategory;
import org.hone.data.prompt.TaggedPrompt;
import org.jspecify.annotations.Nullable;

/**
 * A format that a recipe declares. A target is what Hone reads, such as {@code prompt}; it is mapped to a path in the
 * record: a column's name, or names and list positions with dots between, such as {@code answers.0.text}. A prompt may
 * be a text or a list of messages ({@code role} and {@code content}). A margin is a number, in the reward's unit.
 *
 * <p>Labels, which are rating, safety-bin, unsafe, risk-category and attack-vector, are read as Hone spells them; where
 * a file spells them otherwise, {@code values} translates them.
 *
 * @param kind what the rows are
 * @param columns target → path
 * @param values label target → label in the file → Hone's name
 */
public record ColumnMapping(MappingKind kind, Map<String, String> columns, Map<String, Map<String, String>> values)
        implements Format {
    /**
     * Checks the mapping.
     *
     * @param kind what the rows are
     * @param columns target → path
     * @param values label target → label in the file → Hone's name
     * @throws IllegalArgumentException naming the key that is wrong
     */
    public ColumnMapping {
        columns = new TreeMap<>(columns);
        values = new TreeMap<>(values);
        for (Map.Entry<String, String> column : columns.entrySet()) {
            String key = "mapping.columns." + column.getKey();
            if (!kind.targets().contains(column.getKey())) {
                throw new IllegalArgumentException(key + ": unknown; kind " + kind.key() + " has " + kind.targets());
            }
            if (column.getValue().isBlank()) {
                throw new IllegalArgumentException(key + ": the path is empty; name a column of the file");
            }
        }
        for (String target : kind.required()) {
            if (!columns.containsKey(target)) {
                throw new IllegalArgumentException(
                        "mapping.columns." + target + ": missing; kind " + kind.key() + " needs " + kind.required());
            }
        }
        for (Map.Entry<String, Map<String, String>> translations : values.entrySet()) {
            String key = "mapping.values." + translations.getKey();
            Labels labels = Labels.of(translations.getKey());
            if (!columns.containsKey(translations.getKey())) {
                throw new IllegalArgumentException(
                        key + ": there is no mapping.columns." + translations.getKey() + " to translate");
            }
            for (Map.Entry<String, String> translation : translations.getValue().entrySet()) {
                if (labels.parse(translation.getValue()) == null) {
                    throw new IllegalArgumentException(key + "." + translation.getKey() + ": '" + translation.getValue()
                            + "', allowed are " + labels.names());
                }
            }
        }
    }

    @Override
    public String name() {
        return "mapping";
    }

    @Override
    public String identity() {
        return name() + " " + kind.key() + " " + columns + " " + values;
    }

    @Override
    public boolean recognises(JsonNode record) {
        for (String target : kind.required()) {
            if (Paths.find(Field.of(record), columns.getOrDefault(target, target)) == null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Imported> read(JsonNode record, String source) {
        Meaning meaning = (row, name) -> List.of(
                switch (kind) {
                    case PREFERENCE -> preference(row, name);
                    case SFT ->
                        Examples.example(prompt(row), required(row, "response").text(), text(row, "category"));
                    case PROMPT -> taggedPrompt(row);
                    case DOCUMENT -> Examples.document(required(row, "text").text(), text(row, "url"));
                });
        return meaning.outcomes(record, source);
    }

    private Imported preference(Field row, String source) throws Refusal {
        return new Candidate(
                        prompt(row),
                        required(row, "chosen").text(),
                        required(row, "rejected").text(),
                        (Rating) label(row, Labels.RATING, "rating"),
                        (SafetyBin) label(row, Labels.SAFETY_BIN, "safety-bin"),
                        margin(row),
                        text(row, "annotator"))
                .outcome(source);
    }

    /** A margin below 0 would ask for the rejected response to be the better one. */
    private @Nullable Float margin(Field row) throws Refusal {
        Field field = optional(row, "margin");
        if (field == null || field.node().isNull() || field.node().asText().isBlank()) {
            return null;
        }
        double margin = field.number();
        if (margin < 0) {
            throw field.unknown("a number of at least 0");
        }
        return (float) margin;
    }

    private Imported taggedPrompt(Field row) throws Refusal {
        return Examples.prompt(new TaggedPrompt(
                prompt(row),
                (Boolean) label(row, Labels.UNSAFE, "unsafe"),
                (RiskCategory) label(row, Labels.RISK_CATEGORY, "risk-category"),
                text(row, "category"),
                (AttackVector) label(row, Labels.ATTACK_VECTOR, "attack-vector")));
    }

    private Dialogue prompt(Field row) throws Refusal {
        List<Turn> turns = new ArrayList<>();
        String system = text(row, "system");
        if (system != null) {
            turns.add(new Turn(Role.SYSTEM, system));
        }
        Field prompt = required(row, "prompt");
        if (prompt.node().isContainerNode()) {
            turns.addAll(Prompts.messages(prompt));
        } else {
            turns.add(new Turn(Role.USER, prompt.text()));
        }
        return Prompts.of(turns);
    }

    private Field required(Field row, String target) throws Refusal {
        return Paths.at(row, columns.getOrDefault(target, target));
    }

    private @Nullable Field optional(Field row, String target) {
        String path = columns.get(target);
        return path == null ? null : Paths.find(row, path);
    }

    private @Nullable String text(Field row, String target) throws Refusal {
        Field field = optional(row, target);
        if (field == null || field.node().isNull()) {
            return null;
        }
        String text = field.node().isNumber() ? field.node().asText() : field.text();
        return text.isBlank() ? null : text;
    }

    private @Nullable Object label(Field row, Labels labels, String target) throws Refusal {
        return labels.read(optional(row, target), values.getOrDefault(target, Map.of()));
    }
}
