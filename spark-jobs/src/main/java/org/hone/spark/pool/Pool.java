package org.hone.spark.pool;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;

/** Candidates and what was thought of them, put together. */
public final class Pool {
    private Pool() {}

    /**
     * Candidates with the scores of one round's reward models.
     *
     * @param candidates rows of {@link CandidateTable#CANDIDATES}
     * @param scores rows of {@link CandidateTable#SCORES}, one a candidate
     * @return rows of {@link CandidateTable#SCORED}
     */
    public static Dataset<Row> scored(Dataset<Row> candidates, Dataset<Row> scores) {
        return candidates.join(scores.drop("prompt_id", "round"), "id").select(Columns.of(CandidateTable.SCORED));
    }
}
