package org.hone.spark.importer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.hone.data.importer.Imported;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Slice;

/**
 * Compares the graded responses to one prompt, whichever files they stand in.
 *
 * @param files all files of the import, which know source and format
 */
record CompareTask(Map<SourceFile, ImportPlan.PlannedFile> files) implements FlatMapFunction<Row, Row>, Serializable {
    private static final long serialVersionUID = 1L;
    /** Leaves room for the pairs of each response between the parts of its record. */
    private static final int PARTS = 10_000;

    static CompareTask of(ImportPlan plan) {
        Map<SourceFile, ImportPlan.PlannedFile> files = new HashMap<>();
        plan.files().forEach(file -> files.put(file.key(), file));
        return new CompareTask(files);
    }

    @Override
    public Iterator<Row> call(Row group) {
        List<Row> responses = new ArrayList<>(group.getList(group.fieldIndex("responses")));
        responses.sort(
                Comparator.comparing((Row row) -> row.<Row>getAs("origin").getString(0))
                        .thenComparing(row -> row.<Row>getAs("origin").getLong(1))
                        .thenComparing(row -> row.<Row>getAs("origin").getInt(2)));
        Slice slice = new Slice(group.getAs("source"), group.getAs("week"));
        String file = responses.get(0).<Row>getAs("origin").getString(0);
        // responses are compared within a source, whose files are of one format
        ImportPlan.PlannedFile known = Objects.requireNonNull(files.get(new SourceFile(slice, file)), file);
        List<List<Imported>> compared = known.format()
                .compare(
                        responses.stream().map(CompareTask::graded).toList(),
                        known.source().name());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < compared.size(); i++) {
            Row response = responses.get(i);
            Row origin = response.getAs("origin");
            int first = origin.getInt(2) * PARTS;
            Lineage at = new Lineage(origin.getString(0), origin.getLong(1), first, origin.getString(3));
            List<Imported> outcomes = compared.get(i);
            if (outcomes.isEmpty()) {
                rows.add(LandingRow.paired(known.source(), at));
            }
            for (int part = 0; part < outcomes.size(); part++) {
                rows.add(LandingRow.of(
                        outcomes.get(part), known.source(), at.part(first + part), response.getAs("raw")));
            }
        }
        return rows.iterator();
    }

    private static Imported.Graded graded(Row row) {
        return new Imported.Graded(
                row.getAs("compare_group"),
                Columns.dialogue(row, "prompt"),
                row.getAs("response"),
                row.<Double>getAs("grade"),
                row.getAs("unsafe"),
                row.getAs("annotator"));
    }
}
