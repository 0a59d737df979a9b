package org.hone.spark.prepare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ImportTablesTest {
    private static final Table PREFERENCES = DataTables.PREFERENCES;

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    private ImportSource week(@Nullable Integer week, String... questions) throws IOException {
        StringBuilder lines = new StringBuilder("broken\n");
        for (String question : questions) {
            lines.append(HelpfulHarmless.line(question, "yes", "no")).append('\n');
        }
        Path file = HelpfulHarmless.write(folder.resolve("week-" + week + ".jsonl"), lines.toString());
        return new ImportSource("hh", List.of(file.toUri().toString()), null, week, null);
    }

    private static Map<String, String> states(DataFolder data) throws IOException {
        Map<String, String> states = new TreeMap<>();
        for (String table : List.of("preferences", "quarantine", "imports")) {
            states.put(table, data.store().state(data.path("tables/" + table)));
        }
        return states;
    }

    private static List<String> questions(DataFolder data, @Nullable Long version) throws IOException {
        return data
                .store()
                .read(data.path("tables/preferences"), PREFERENCES.schema(), version)
                .selectExpr("concat(ifnull(string(week), 'none'), ' ', prompt[0].text)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    @Test
    void onlyAChangedWeekIsReplaced() throws IOException {
        for (TableFormat format : TableFormat.values()) {
            DataFolder data =
                    DataFolder.open(spark, folder.resolve(format.name()).toString(), format);
            List<ImportSource> sources = List.of(week(1, "a?", "b?"), week(2, "c?"), week(null, "d?"));
            StageReport first = ImportTables.run(data, sources);
            assertThat(first.number("quarantined hh MALFORMED_JSON")).isEqualTo(3);
            assertThat(first.number("rows")).isEqualTo(7);
            Map<String, String> before = states(data);
            assertThat(ImportTables.run(data, sources)).isEqualTo(first);
            assertThat(states(data)).as("the same files again").isEqualTo(before);
            StageReport second = ImportTables.run(data, List.of(week(2, "e?", "f?", "e?")));
            assertThat(second.number("rows"))
                    .as("the report is of what was asked for")
                    .isEqualTo(4);
            assertThat(second.number("quarantined hh DUPLICATE")).isEqualTo(1);
            assertThat(questions(data, null)).containsExactly("1 a?", "1 b?", "2 e?", "2 f?", "none d?");
            assertThat(states(data).values()).doesNotContainAnyElementsOf(before.values());
            if (format == TableFormat.DELTA) {
                assertThat(questions(data, 0L)).containsExactly("1 a?", "1 b?", "2 c?", "none d?");
                assertThat(data.store().history(data.path("tables/preferences")))
                        .extracting(version -> version.note())
                        .containsExactly("import of hh", "import of hh, hh, hh");
            }
        }
    }
}
