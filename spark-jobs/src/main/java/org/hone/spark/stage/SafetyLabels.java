package org.hone.spark.stage;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Whether an auxiliary safety loss has something to learn from: a loss of nothing would go unnoticed. */
final class SafetyLabels {
    private SafetyLabels() {}

    /** Whether any of the comparisons, which have token rows' columns, says which response is safe. */
    static boolean in(Dataset<Row> pairs) {
        List<String> columns = Arrays.asList(pairs.columns());
        return columns.contains("chosen_safe")
                && !pairs.filter(functions
                                .coalesce(functions.col("chosen_safe"), functions.col("rejected_safe"))
                                .isNotNull())
                        .isEmpty();
    }
}
