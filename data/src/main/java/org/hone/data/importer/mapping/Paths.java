package org.hone.data.importer.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.jspecify.annotations.Nullable;

/** Paths into a record. A column whose very name has dots goes before a path that the dots part. */
final class Paths {
    private Paths() {}

    static Field at(Field record, String path) throws Refusal {
        Field found = find(record, path);
        if (found == null) {
            throw new Refusal(
                    QuarantineReason.MISSING_FIELD,
                    record.node().isObject()
                            ? "the object has no field '" + path + "'"
                            : "no JSON object but " + record.node().getNodeType());
        }
        return found;
    }

    static @Nullable Field find(Field record, String path) {
        JsonNode whole = record.node().get(path);
        if (whole != null) {
            return new Field(whole, path);
        }
        JsonNode node = record.node();
        for (String name : path.split("\\.", -1)) {
            JsonNode next = node.isArray() ? node.get(position(name)) : node.get(name);
            if (next == null) {
                return null;
            }
            node = next;
        }
        return new Field(node, path);
    }

    /** The position that a name spells, −1 (which no list has) if it spells none. */
    private static int position(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
