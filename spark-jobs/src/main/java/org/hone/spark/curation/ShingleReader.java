package org.hone.spark.curation;

import java.io.Serializable;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongPredicate;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.curation.Passage;
import org.hone.data.curation.RowContent;
import org.hone.data.curation.RowShingles;
import org.hone.data.curation.Shingles;

/**
 * Makes the shingles of some rows again.
 *
 * @param table which table the rows are of
 * @param promptOnly whether the responses are left out
 * @param width words in a shingle
 */
record ShingleReader(CuratedTable table, boolean promptOnly, int width) implements Serializable {
    private static final StructType SHINGLES =
            new StructType().add(Facts.KEY, DataTypes.LongType, false).add("shingles", DataTypes.BinaryType, false);

    /**
     * The shingles of some rows.
     *
     * @param named the table with its rows' names
     * @param keys of which rows
     * @return columns {@code key} and {@code shingles}, which are {@link RowShingles}
     */
    Dataset<Row> read(Dataset<Row> named, KnownKeys keys) {
        MapPartitionsFunction<Row, Row> sets = rows -> {
            LongPredicate known = keys.open();
            Shingles shingles = new Shingles(width);
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
                    .filter(row -> known.test(row.<Long>getAs(Facts.KEY)))
                    .map(row -> RowFactory.create(
                            row.getAs(Facts.KEY), read(row, shingles).pack()))
                    .iterator();
        };
        return named.mapPartitions(sets, Encoders.row(SHINGLES));
    }

    private RowShingles read(Row row, Shingles shingles) {
        RowContent content = table.content(row);
        List<Passage> passages = promptOnly ? content.prompt() : content.passages();
        return RowShingles.of(passages, shingles);
    }
}
