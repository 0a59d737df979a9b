package org.hone.spark.curation;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Draws an exact number of rows uniformly, by a hash of (seed, what for, id): the same rows whatever the partitions. The
 * rows with the smallest hashes are drawn. The driver learns counts of 4,096 ranges of the hash, and one row.
 */
final class ExactDraw {
    /** Leaves twelve bits of a hash of 63. */
    private static final int CELL_SHIFT = 51;

    private ExactDraw() {}

    /** A row's place in the order of a draw, from 0 to 2^63 − 1. */
    static Column ticket(long seed, String purpose) {
        return functions.shiftrightunsigned(
                functions.xxhash64(functions.lit(seed), functions.lit(purpose), functions.col("id")), 1);
    }

    /**
     * The draw as a condition on the row.
     *
     * @param pool the rows to draw from
     * @param ticket their order
     * @param available how many there are
     * @param wanted how many to draw
     * @return true for the rows of the pool that are drawn
     */
    static Column draw(Dataset<Row> pool, Column ticket, long available, long wanted) {
        if (wanted == 0 || wanted == available) {
            return functions.lit(wanted > 0);
        }
        Dataset<Row> tickets = pool.select(ticket.as("ticket"), functions.col("id"));
        Column cell = functions.shiftright(functions.col("ticket"), CELL_SHIFT).as("cell");
        List<Row> cells = tickets.groupBy(cell).count().collectAsList().stream()
                .sorted(Comparator.comparingLong(row -> row.getLong(0)))
                .toList();
        long before = 0;
        int place = 0;
        while (before + cells.get(place).getLong(1) < wanted) {
            before += cells.get(place++).getLong(1);
        }
        Row last = tickets.filter(cell.equalTo(cells.get(place).getLong(0)))
                .orderBy("ticket", "id")
                .offset(Math.toIntExact(wanted - before - 1))
                .limit(1)
                .head();
        return ticket.lt(last.getLong(0))
                .or(ticket.equalTo(last.getLong(0)).and(functions.col("id").leq(last.getString(1))));
    }
}
