package org.hone.spark.raw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.CharacterCodingException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/** Parquet values as JSON: structs become objects, lists and maps become lists and objects. */
final class ParquetValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ParquetValues() {}

    /** A struct; a field without a value is null. */
    static ObjectNode object(Group group) {
        ObjectNode object = JSON.objectNode();
        GroupType type = group.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            object.set(type.getFieldName(field), field(group, field));
        }
        return object;
    }

    private static JsonNode field(Group group, int field) {
        Type type = group.getType().getType(field);
        int values = group.getFieldRepetitionCount(field);
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            ArrayNode list = JSON.arrayNode(values);
            for (int i = 0; i < values; i++) {
                list.add(value(group, field, i));
            }
            return list;
        }
        return values == 0 ? JSON.nullNode() : value(group, field, 0);
    }

    private static JsonNode value(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return primitive(group, field, index);
        }
        Group inner = group.getGroup(field, index);
        if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
            return list(inner);
        }
        if (type.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation) {
            return map(inner);
        }
        return object(inner);
    }

    /** The repeated group of a list has its element as the only field; older writers repeat the element itself. */
    private static ArrayNode list(Group list) {
        Type repeated = list.getType().getType(0);
        ArrayNode values = JSON.arrayNode(list.getFieldRepetitionCount(0));
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            boolean isWrapped = !repeated.isPrimitive()
                    && repeated.asGroupType().getFieldCount() == 1
                    && (repeated.getName().equals("list") || repeated.getName().equals("bag"));
            values.add(isWrapped ? field(list.getGroup(0, i), 0) : value(list, 0, i));
        }
        return values;
    }

    private static ObjectNode map(Group map) {
        ObjectNode entries = JSON.objectNode();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group entry = map.getGroup(0, i);
            entries.set(field(entry, 0).asText(), field(entry, 1));
        }
        return entries;
    }

    /** Bytes that are no UTF-8 are marked, see {@link RawFile#MALFORMED}; Parquet itself would hide them. */
    private static String text(Binary value) {
        try {
            return RawFile.decoder().decode(value.toByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("a decoder that replaces refuses nothing", e);
        }
    }

    private static JsonNode primitive(Group group, int field, int index) {
        var type = group.getType().getType(field).asPrimitiveType();
        boolean isText = type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> JSON.numberNode(group.getInteger(field, index));
            case INT64 -> JSON.numberNode(group.getLong(field, index));
            case FLOAT -> JSON.numberNode(group.getFloat(field, index));
            case DOUBLE -> JSON.numberNode(group.getDouble(field, index));
            case BOOLEAN -> JSON.booleanNode(group.getBoolean(field, index));
            case BINARY ->
                JSON.textNode(isText ? text(group.getBinary(field, index)) : group.getValueToString(field, index));
            case INT96, FIXED_LEN_BYTE_ARRAY -> JSON.textNode(group.getValueToString(field, index));
        };
    }
}
