package org.hone.spark.tokenise;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Turns what a partition holds into rows one by one, so that a partition never has to fit into memory. */
public final class Rows {
    private Rows() {}

    /**
     * Maps lazily.
     *
     * @param items the partition
     * @param function makes something of an item
     * @param <T> what the partition holds
     * @param <R> what is made of it
     * @return what is made, one by one as it is asked for
     */
    public static <T, R> Iterator<R> map(Iterator<T> items, Function<T, R> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public R next() {
                return function.apply(items.next());
            }
        };
    }

    /**
     * Maps lazily to any number of rows each.
     *
     * @param items the partition
     * @param function makes rows of an item, few enough for the memory
     * @param <T> what the partition holds
     * @return the rows, made as they are asked for
     */
    public static <T> Iterator<Row> flatMap(Iterator<T> items, Function<T, List<Row>> function) {
        return new Iterator<>() {
            private Iterator<Row> made = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!made.hasNext() && items.hasNext()) {
                    made = function.apply(items.next()).iterator();
                }
                return made.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the partition has no more rows");
                }
                return made.next();
            }
        };
    }
}
