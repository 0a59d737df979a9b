package org.hone.spark.curation;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Curated tables. They are computed when they are read; intermediate results lie in the work folder until this is
 * closed. Tables have the columns that they came in with.
 *
 * @param helpfulness comparisons that the helpfulness reward model is trained on
 * @param safety comparisons that the safety reward model is trained on; some are in both
 * @param heldOut comparisons that nothing is trained on
 * @param sft demonstrations; the second copy of a repeated one has the id {@code id#2}
 * @param prompts prompts
 * @param documents documents; repeated like demonstrations
 * @param removed what was removed, as {@link org.hone.spark.table.RemovedTable}
 * @param counts what became of every source's rows, by table and source
 * @param mixtures what the mixtures were made of
 * @param held intermediate results
 */
public record CuratedTables(
        Dataset<Row> helpfulness,
        Dataset<Row> safety,
        Dataset<Row> heldOut,
        Dataset<Row> sft,
        Dataset<Row> prompts,
        Dataset<Row> documents,
        Dataset<Row> removed,
        List<SourceCounts> counts,
        List<MixtureReport> mixtures,
        AutoCloseable held)
        implements AutoCloseable {
    /**
     * Copies the lists.
     *
     * @param helpfulness comparisons that the helpfulness reward model is trained on
     * @param safety comparisons that the safety reward model is trained on
     * @param heldOut comparisons that nothing is trained on
     * @param sft demonstrations
     * @param prompts prompts
     * @param documents documents
     * @param removed what was removed
     * @param counts what became of every source's rows, by table and source
     * @param mixtures what the mixtures were made of
     * @param held intermediate results
     */
    public CuratedTables {
        counts = List.copyOf(counts);
        mixtures = List.copyOf(mixtures);
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (Exception e) {
            throw new IllegalStateException("intermediate results of curation cannot be let go", e);
        }
    }
}
