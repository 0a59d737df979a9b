package org.hone.spark.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.Dialogue;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;

/** A response as it was selected. */
record SelectedResponse(String id, int round, String prompt, String text, String finishReason) {
    Row row() {
        return RowFactory.create(
                id,
                "p" + prompt,
                0,
                round,
                "policy",
                1.0,
                0L,
                Columns.turns(Dialogue.ofUser(prompt)),
                false,
                // the large policy's own tokens, which mean something else to the student
                new Integer[] {1, 2, 7},
                new Integer[] {8, 9, 2},
                text,
                -1.0,
                new Float[] {-1f, -1f, -1f},
                finishReason,
                "h",
                1.0,
                null,
                null,
                1.0);
    }

    /** Writes what a round selected, over what it had. */
    static void select(StageContext round, List<SelectedResponse> selected, int files) throws IOException {
        round.spark()
                .createDataFrame(selected.stream().map(SelectedResponse::row).toList(), SelectStage.SELECTED.schema())
                .repartition(files)
                .write()
                .mode("overwrite")
                .parquet(round.path(SelectStage.SELECTED));
        round.folder().commit(round.inRun(SelectStage.NAME), new StageReport(Map.of("selected", selected.size())));
    }
}
