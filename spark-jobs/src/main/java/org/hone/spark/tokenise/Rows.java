package org.hone.spark.tokenise;

import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Turns what a partition holds into rows one by one, so that a partition never has to fit into memory. */
public final class Rows {
    private Rows() {}

    /**
     * Maps lazily.
     *
     * @param items the partition
     * @param function makes a row of an item
     * @param <T> what the partition holds
     * @return the rows, made as they are asked for
     */
    public static <T> Iterator<Row> map(Iterator<T> items, Function<T, Row> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Row next() {
                return function.apply(items.next());
            }
        };
    }
}
