package org.hone.spark.curation;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.data.curation.SiteList;
import org.hone.data.curation.SourceRole;

/**
 * What is curated; tables have the columns of {@link org.hone.spark.table.DataTables} and may be empty.
 *
 * @param preferences comparisons
 * @param sft demonstrations
 * @param prompts prompts
 * @param documents documents
 * @param roles what every source is for
 * @param evaluationSets what may not be trained on
 * @param sites sites that no document may be from
 */
public record CurationInput(
        Dataset<Row> preferences,
        Dataset<Row> sft,
        Dataset<Row> prompts,
        Dataset<Row> documents,
        List<SourceRole> roles,
        List<EvaluationSet> evaluationSets,
        SiteList sites) {
    /**
     * Copies the lists.
     *
     * @param preferences comparisons
     * @param sft demonstrations
     * @param prompts prompts
     * @param documents documents
     * @param roles what every source is for
     * @param evaluationSets what may not be trained on
     * @param sites sites that no document may be from
     */
    public CurationInput {
        roles = List.copyOf(roles);
        evaluationSets = List.copyOf(evaluationSets);
    }

    Dataset<Row> table(CuratedTable table) {
        return switch (table) {
            case PREFERENCES -> preferences;
            case SFT -> sft;
            case PROMPTS -> prompts;
            case DOCUMENTS -> documents;
        };
    }
}
