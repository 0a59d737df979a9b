package org.hone.data.importer.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields by which the records of a format are told from those of every other.
 *
 * @param fields the fields with what each has to be, in the published order
 */
public record Shape(Map<String, Kind> fields) implements Serializable {
    /** What a field has to be. */
    public enum Kind {
        /** There, whatever it holds. */
        ANY,
        /** A string. */
        TEXT,
        /** A list or an object; which of the two may differ between editions of one set. */
        NESTED,
        /** Not there: another format has it. */
        ABSENT
    }

    /**
     * Keeps the order.
     *
     * @param fields the fields with what each has to be
     */
    public Shape {
        fields = new LinkedHashMap<>(fields);
    }

    /**
     * Fields that hold text.
     *
     * @param names their names
     * @return a shape of these
     */
    public static Shape texts(String... names) {
        return new Shape(Map.of()).with(Kind.TEXT, names);
    }

    /**
     * Fields that hold lists or objects.
     *
     * @param names their names
     * @return a shape of these
     */
    public static Shape nested(String... names) {
        return new Shape(Map.of()).with(Kind.NESTED, names);
    }

    /**
     * This shape with more fields.
     *
     * @param kind what they have to be
     * @param names their names
     * @return the larger shape
     */
    public Shape with(Kind kind, String... names) {
        Map<String, Kind> all = new LinkedHashMap<>(fields);
        for (String name : names) {
            all.put(name, kind);
        }
        return new Shape(all);
    }

    /**
     * Whether a record has this shape.
     *
     * @param record the record
     * @return whether every field is what it has to be
     */
    public boolean matches(JsonNode record) {
        return record.isObject() && mismatches(record).isEmpty();
    }

    /**
     * What a record lacks of this shape, or has in its way.
     *
     * @param record the record
     * @return a few words a field
     */
    public List<String> mismatches(JsonNode record) {
        List<String> mismatches = new ArrayList<>();
        fields.forEach((name, kind) -> {
            JsonNode value = record.get(name);
            if (kind == Kind.ABSENT) {
                if (value != null) {
                    mismatches.add("there is a '" + name + "'");
                }
            } else if (value == null) {
                mismatches.add("no '" + name + "'");
            } else if (kind == Kind.TEXT && !value.isTextual()) {
                mismatches.add("no text in '" + name + "'");
            } else if (kind == Kind.NESTED && !value.isContainerNode()) {
                mismatches.add("no list or object in '" + name + "'");
            }
        });
        return mismatches;
    }

    /**
     * How many fields have to be there.
     *
     * @return their number
     */
    public int required() {
        return (int)
                fields.values().stream().filter(kind -> kind != Kind.ABSENT).count();
    }
}
