package org.hone.data.importer.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hone.data.importer.QuarantineReason;
import org.jspecify.annotations.Nullable;

/**
 * A value of a record that knows where it stands, so that every refusal names it. A field that is null counts as
 * absent: Parquet and CSV cannot tell the two apart.
 *
 * @param node the value
 * @param path how it is reached from the record, such as {@code summaries[1].text}; empty for the record itself
 */
public record Field(JsonNode node, String path) {
    private static final int REPORTED = 40;

    /**
     * A whole record.
     *
     * @param record the record
     * @return it, at the empty path
     */
    public static Field of(JsonNode record) {
        return new Field(record, "");
    }

    /**
     * Whether a field is there and not null.
     *
     * @param name the field
     * @return whether it is
     */
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /**
     * A field that has to be there. A null is returned as it is, so that its type is what is reported.
     *
     * @param name the field
     * @return the field
     * @throws Refusal MISSING_FIELD if it is not there
     */
    public Field at(String name) throws Refusal {
        JsonNode value = node.get(name);
        if (value == null) {
            String found = node.isObject()
                    ? "the object has no field '" + name + "'"
                    : "no JSON object but " + node.getNodeType() + ", expected one with the field '" + name + "'";
            throw new Refusal(QuarantineReason.MISSING_FIELD, path.isEmpty() ? found : "'" + path + "': " + found);
        }
        return new Field(value, path.isEmpty() ? name : path + "." + name);
    }

    /**
     * The text of this value.
     *
     * @return valid Unicode
     * @throws Refusal WRONG_TYPE or INVALID_UNICODE
     */
    public String text() throws Refusal {
        String text = node.textValue();
        if (text == null) {
            throw new Refusal(
                    QuarantineReason.WRONG_TYPE, "'" + path + "' is " + node.getNodeType() + ", expected STRING");
        }
        return wellFormed(text, path);
    }

    /**
     * The text of a field that has to be there.
     *
     * @param name the field
     * @return valid Unicode
     * @throws Refusal MISSING_FIELD, WRONG_TYPE or INVALID_UNICODE
     */
    public String text(String name) throws Refusal {
        return at(name).text();
    }

    /**
     * The text of a field that may be absent.
     *
     * @param name the field
     * @return valid Unicode, null if the field is absent, null or blank
     * @throws Refusal WRONG_TYPE or INVALID_UNICODE
     */
    public @Nullable String optionalText(String name) throws Refusal {
        if (!has(name)) {
            return null;
        }
        String text = text(name);
        return text.isBlank() ? null : text;
    }

    /**
     * A label: a text, number or truth value as text. CSV has strings only, and JSON editions of one set write ids as
     * numbers or as strings.
     *
     * @param name the field
     * @return the label, null if the field is absent or null
     * @throws Refusal WRONG_TYPE for a list or an object, INVALID_UNICODE
     */
    public @Nullable String label(String name) throws Refusal {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isNumber() || value.isBoolean() ? value.asText() : text(name);
    }

    /**
     * The number that a field holds, or that its string spells.
     *
     * @param name the field
     * @return the number, finite
     * @throws Refusal MISSING_FIELD or WRONG_TYPE
     */
    public double number(String name) throws Refusal {
        return at(name).number();
    }

    /**
     * The number that this value is, or that its string spells.
     *
     * @return the number, finite
     * @throws Refusal WRONG_TYPE
     */
    public double number() throws Refusal {
        double number = Double.NaN;
        if (node.isNumber()) {
            number = node.doubleValue();
        } else if (node.isTextual()) {
            try {
                number = Double.parseDouble(node.textValue());
            } catch (NumberFormatException e) {
                throw new Refusal(
                        QuarantineReason.WRONG_TYPE,
                        "'" + path + "' is '" + shortened(node.textValue()) + "', expected a number");
            }
        }
        if (!Double.isFinite(number)) {
            throw new Refusal(
                    QuarantineReason.WRONG_TYPE,
                    "'" + path + "' is " + node.getNodeType() + ", expected a finite number");
        }
        return number;
    }

    /**
     * The elements of a list. Where Parquet keeps a list of objects as an object of equally long lists, as the
     * Hugging Face library writes it, that is turned round.
     *
     * @return the elements
     * @throws Refusal WRONG_TYPE if it is neither
     */
    public List<Field> items() throws Refusal {
        JsonNode list = node.isObject() ? rows(node) : node;
        if (list == null || !list.isArray()) {
            throw new Refusal(
                    QuarantineReason.WRONG_TYPE, "'" + path + "' is " + node.getNodeType() + ", expected ARRAY");
        }
        List<Field> items = new ArrayList<>(list.size());
        for (JsonNode item : list) {
            items.add(new Field(item, path + "[" + items.size() + "]"));
        }
        return items;
    }

    /**
     * The elements of the list at a field that has to be there.
     *
     * @param name the field
     * @return the elements
     * @throws Refusal MISSING_FIELD or WRONG_TYPE
     */
    public List<Field> items(String name) throws Refusal {
        return at(name).items();
    }

    /**
     * A refusal of this value.
     *
     * @param allowed what is known
     * @return UNKNOWN_VALUE with the value
     */
    public Refusal unknown(String allowed) {
        return new Refusal(
                QuarantineReason.UNKNOWN_VALUE,
                "'" + path + "' is '" + shortened(node.isValueNode() ? node.asText() : node.toString()) + "', expected "
                        + allowed);
    }

    /**
     * Checks that text has no half of a surrogate pair.
     *
     * @param text the text
     * @param path where it stands
     * @return the text
     * @throws Refusal INVALID_UNICODE
     */
    public static String wellFormed(String text, String path) throws Refusal {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new Refusal(QuarantineReason.INVALID_UNICODE, "'" + path + "' has half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private static @Nullable JsonNode rows(JsonNode columns) {
        int size = -1;
        for (JsonNode column : columns) {
            if (!column.isArray() || (size >= 0 && column.size() != size)) {
                return null;
            }
            size = column.size();
        }
        if (size < 0) {
            return null;
        }
        var rows = JsonNodeFactory.instance.arrayNode(size);
        for (int i = 0; i < size; i++) {
            ObjectNode row = rows.addObject();
            for (Map.Entry<String, JsonNode> column : columns.properties()) {
                row.set(column.getKey(), column.getValue().get(i));
            }
        }
        return rows;
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= REPORTED
                ? text
                : text.substring(0, text.offsetByCodePoints(0, REPORTED)) + "…";
    }
}
