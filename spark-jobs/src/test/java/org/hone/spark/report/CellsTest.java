package org.hone.spark.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.quickstart.GoldStage;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.TokeniseStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a notebook shows of rows, and which rows of an unfinished run it is given. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class CellsTest {
    private static final StructType ROWS = StructType.fromDDL("name string, n bigint, share double");

    @TempDir
    private static Path run;

    @LocalSession
    private static SparkSession spark;

    private static Dataset<Row> rows(Row... rows) {
        return spark.createDataFrame(List.of(rows), ROWS);
    }

    @Test
    void aTableEscapesTextAndFormatsNumbers() {
        String html = Cells.table(rows(
                RowFactory.create(HandWrittenRun.HOSTILE + "\u202e\"'", 1234567L, 0.12345),
                RowFactory.create("same", null, null),
                RowFactory.create("same", -1L, 2.0)));
        assertThat(html.replaceAll(" style=\"[^\"]*\"", ""))
                .isEqualTo("<table>\n<thead><tr><th>name</th><th>n</th><th>share</th></tr></thead>\n<tbody>\n"
                        + "<tr><td>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- &lt;b&gt;bold&lt;/b&gt;"
                        + "\u2039U+202E\u203a&quot;&apos;</td><td>1,234,567</td><td>0.123</td></tr>\n"
                        + "<tr><td>same</td><td>–</td><td>–</td></tr>\n"
                        + "<tr><td></td><td>-1</td><td>2.000</td></tr>\n"
                        + "</tbody>\n</table>\n");
    }

    @Test
    void aLongTableSaysThatItIsCutAndAnEmptyOneThatItIsEmpty() {
        List<Row> many = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            many.add(RowFactory.create("row" + i, 1L, 1.0));
        }
        assertThat(Cells.table(rows(many.toArray(Row[]::new))))
                .contains("row99<", "the first 100 rows")
                .doesNotContain("row100");
        assertThat(Cells.table(rows(many.subList(0, 100).toArray(Row[]::new))))
                .contains("row99<")
                .doesNotContain("the first");
        assertThat(Cells.table(rows())).contains("no rows");
    }

    @Test
    void aLineHasItsPointsFromLeftToRight() {
        String svg = Cells.lines(
                rows(
                        RowFactory.create("<a>", 3L, 3.0),
                        RowFactory.create("<a>", 1L, 1.0),
                        RowFactory.create("<a>", 2L, null),
                        RowFactory.create("b", 1L, 2.0)),
                "n",
                "share",
                functions.col("name"));
        // x from 60 to 700; y from the bottom to the top of 230 below a legend of two lines of 18 and 12
        assertThat(svg)
                .contains("points=\"60.0,278.0 700.0,48.0\"", "points=\"60.0,163.0\"", ">&lt;a&gt;<", ">n<", ">share<")
                .contains("<title>3, 3</title>", "<title>1, 2</title>")
                .doesNotContain("<a>");
        assertThat(Cells.lines(rows(), "n", "share", functions.col("name"))).contains("nothing to show");
    }

    @Test
    void aSpreadHasTheSharesOfEachSeries() {
        // bins from -0 to 1: the ends are the rows' own; a in the first bin twice and in the last once, b in the last
        String svg = Cells.spread(
                rows(
                        RowFactory.create("a", 1L, 0.0),
                        RowFactory.create("a", 1L, 0.0),
                        RowFactory.create("a", 1L, 1.0),
                        RowFactory.create("b", 1L, 1.0)),
                "share",
                functions.col("name"));
        assertThat(svg).contains(">a (3)<", ">b (1)<");
        // of 230: a third is 76.7, two thirds 153.3
        assertThat(svg).containsPattern("points=\"60\\.0,124\\.7 .*,278\\.0 700\\.0,201\\.3\"");
        assertThat(svg).containsPattern("points=\"60\\.0,278\\.0 .*,278\\.0 700\\.0,48\\.0\"");
    }

    @Test
    void aRowWithoutAValueIsNoPartOfASpread() {
        String svg = Cells.spread(
                rows(
                        RowFactory.create("a", 1L, 0.0),
                        RowFactory.create("a", 1L, null),
                        RowFactory.create("b", 1L, null),
                        RowFactory.create("c", 1L, 1.0)),
                "share",
                functions.col("name"));
        assertThat(svg).contains(">a (1)<", ">c (1)<").doesNotContain(">b (");
    }

    @Test
    void aTourHasTheRoundsThatAreThere() throws Exception {
        new HandWrittenRun(LocalSpark.run(spark, run, HandWrittenRun.RECIPE)).write();
        Tour tour = Tour.open(run.toString());
        assertThat(tour.rounds()).isEqualTo(2);
        assertThat(tour.recipe().name()).isEqualTo("written");
        assertThat(byRound(tour.table(SelectStage.SELECTED))).isEqualTo(Map.of(1, 2L, 2, 2L));
        assertThat(byRound(tour.newest(SelectStage.SELECTED))).isEqualTo(Map.of(2, 2L));
        // the second round has not evaluated its policy
        assertThat(byRound(tour.table(EvaluatePolicyStage.AFTER))).isEqualTo(Map.of(1, 2L));
        assertThat(byRound(tour.newest(GoldStage.AFTER))).isEqualTo(Map.of(1, 1L));
        assertThat(byRound(tour.table(TokeniseStage.EXAMPLES))).isEmpty();
        assertThat(tour.steps().count()).isZero();
        Map<String, String> states = new HashMap<>();
        tour.stages().collectAsList().forEach(row -> states.put(row.getString(0), row.getString(1)));
        assertThat(states).containsEntry("v1/evaluate-policy", "done").containsEntry("v2/evaluate-policy", "to do");
    }

    private static Map<Integer, Long> byRound(Dataset<Row> rows) {
        Map<Integer, Long> counts = new HashMap<>();
        rows.groupBy("in_round").count().collectAsList().forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
        return counts;
    }

    @Test
    void aFolderWithoutARunIsRefused(@TempDir Path empty) {
        assertThatThrownBy(() -> Tour.open(empty.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no recipe.yaml, so it is not a run of Hone");
    }
}
