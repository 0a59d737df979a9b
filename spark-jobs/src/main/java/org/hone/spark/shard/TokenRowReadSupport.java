package org.hone.spark.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's columns to {@link TokenRow}, value by value into arrays: no object for a token, and no other column is read.
 * A column is a list of integers, or one integer, which is read as a list of one.
 */
final class TokenRowReadSupport extends ReadSupport<TokenRow> {
    private static final String ID = "id";
    private static final String MARGIN = "margin";
    private static final String CHOSEN_SAFE = "chosen_safe";
    private static final String REJECTED_SAFE = "rejected_safe";

    private final List<String> columns;

    TokenRowReadSupport(List<String> columns) {
        this.columns = columns;
    }

    @Override
    public ReadContext init(InitContext context) {
        MessageType schema = context.getFileSchema();
        List<Type> wanted = new ArrayList<>();
        wanted.add(schema.getType(ID));
        for (String column : columns) {
            if (!schema.containsField(column)) {
                throw new IllegalArgumentException("the shard has no column " + column + ", only "
                        + schema.getFields().stream().map(Type::getName).toList());
            }
            wanted.add(schema.getType(column));
        }
        for (String column : List.of(MARGIN, CHOSEN_SAFE, REJECTED_SAFE)) {
            if (schema.containsField(column)) {
                wanted.add(schema.getType(column));
            }
        }
        return new ReadContext(new MessageType(schema.getName(), wanted));
    }

    @Override
    @SuppressWarnings("deprecation") // still the only one that must be there
    public RecordMaterializer<TokenRow> prepareForRead(
            Configuration configuration, Map<String, String> metadata, MessageType schema, ReadContext context) {
        return new Materializer(context.getRequestedSchema(), columns.size());
    }

    private static final class Materializer extends RecordMaterializer<TokenRow> {
        private final RowConverter row;

        Materializer(MessageType schema, int columns) {
            row = new RowConverter(schema, columns);
        }

        @Override
        public TokenRow getCurrentRecord() {
            return row.current();
        }

        @Override
        public GroupConverter getRootConverter() {
            return row;
        }
    }

    private static final class RowConverter extends GroupConverter {
        private final Converter[] fields;
        private final Ids[] tokens;
        private String id = "";
        private float margin;
        private @Nullable Boolean chosenSafe;
        private @Nullable Boolean rejectedSafe;

        RowConverter(MessageType schema, int columns) {
            fields = new Converter[schema.getFieldCount()];
            tokens = new Ids[columns];
            fields[0] = new PrimitiveConverter() {
                @Override
                public void addBinary(Binary value) {
                    id = value.toStringUsingUTF8();
                }
            };
            for (int i = 0; i < columns; i++) {
                tokens[i] = new Ids();
                Converter leaf = tokens[i];
                fields[i + 1] = schema.getType(i + 1).isPrimitive() ? leaf : new Nested(new Nested(leaf));
            }
            for (int i = columns + 1; i < fields.length; i++) {
                fields[i] = label(schema.getType(i).getName());
            }
        }

        /** Parquet calls a converter only where a value is not null. */
        private PrimitiveConverter label(String column) {
            return new PrimitiveConverter() {
                @Override
                public void addFloat(float value) {
                    margin = value;
                }

                @Override
                public void addBoolean(boolean value) {
                    if (column.equals(CHOSEN_SAFE)) {
                        chosenSafe = value;
                    } else {
                        rejectedSafe = value;
                    }
                }
            };
        }

        @Override
        public Converter getConverter(int field) {
            return fields[field];
        }

        @Override
        public void start() {
            margin = 0;
            chosenSafe = null;
            rejectedSafe = null;
            for (Ids ids : tokens) {
                ids.clear();
            }
        }

        @Override
        public void end() {}

        TokenRow current() {
            return new TokenRow(id, Arrays.stream(tokens).map(Ids::toArray).toList(), margin, chosenSafe, rejectedSafe);
        }
    }

    /** A level of Parquet's three-level lists. */
    private static final class Nested extends GroupConverter {
        private final Converter inner;

        Nested(Converter inner) {
            this.inner = inner;
        }

        @Override
        public Converter getConverter(int field) {
            return inner;
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }

    /** A growing array, reused from row to row. */
    private static final class Ids extends PrimitiveConverter {
        private int[] ids = new int[1_024];
        private int size;

        @Override
        public void addInt(int value) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
            }
            ids[size++] = value;
        }

        void clear() {
            size = 0;
        }

        int[] toArray() {
            return Arrays.copyOf(ids, size);
        }
    }
}
