package org.hone.spark.curation;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of buckets, sorted by (band, sketch, node) → pairs that are worth comparing. A row is compared with the {@code
 * window} rows that follow it in its bucket; sketches of near-duplicates begin alike, so in a bucket of thousands
 * these are the likeliest. Work and memory are bounded by the window, whatever the bucket.
 *
 * @param window rows that follow
 * @param similarity least similarity; two sets of s and t members, s < t, have at most s / t
 * @param distance bits in which the sketches may differ
 */
record CandidatePairs(int window, double similarity, int distance)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    static final StructType SCHEMA =
            new StructType().add("a", DataTypes.LongType, false).add("b", DataTypes.LongType, false);

    private record Member(long band, long sketch, long node, int size) {}

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Pairs(rows);
    }

    private final class Pairs implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final ArrayDeque<Member> before = new ArrayDeque<>();
        private final Queue<Row> ready = new ArrayDeque<>();

        Pairs(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && rows.hasNext()) {
                Row row = rows.next();
                pair(new Member(row.getLong(0), row.getLong(1), row.getLong(2), row.getInt(3)));
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more pairs");
            }
            return ready.remove();
        }

        private void pair(Member member) {
            if (!before.isEmpty() && before.getLast().band != member.band) {
                before.clear();
            }
            for (Member other : before) {
                if (isWorthComparing(member, other)) {
                    ready.add(RowFactory.create(Math.min(member.node, other.node), Math.max(member.node, other.node)));
                }
            }
            before.addLast(member);
            if (before.size() > window) {
                before.removeFirst();
            }
        }

        private boolean isWorthComparing(Member one, Member other) {
            return Math.min(one.size, other.size) >= similarity * Math.max(one.size, other.size)
                    && Long.bitCount(one.sketch ^ other.sketch) <= distance;
        }
    }
}
