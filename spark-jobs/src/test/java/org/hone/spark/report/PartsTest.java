package org.hone.spark.report;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.fixture.LocalSession;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@SuppressWarnings("NullAway.Init") // JUnit sets the field
class PartsTest {
    private static final StructType NUMBERS = new StructType().add("n", DataTypes.IntegerType, false);

    @LocalSession
    private static SparkSession spark;

    private static Dataset<Row> numbers(int... values) {
        return spark.createDataFrame(
                IntStream.of(values).mapToObj(RowFactory::create).toList(), NUMBERS);
    }

    private static List<Integer> n(List<Row> rows) {
        return rows.stream().map(row -> row.<Integer>getAs("n")).toList();
    }

    private static Parts three() {
        Parts parts = new Parts();
        parts.add(Parts.of(1), numbers(3, 1, 2));
        parts.add(Parts.of(2, "before"), numbers(5, 4));
        parts.add(Parts.of(2, "after"), numbers());
        return parts;
    }

    @Test
    void everyPartGetsItsRowsInTheQuestionsOrder() {
        Parts.Answer sorted = three().ask(rows -> rows.orderBy("n"));

        assertThat(n(sorted.of(Parts.of(1)))).containsExactly(1, 2, 3);
        assertThat(n(sorted.of(Parts.of(2, "before")))).containsExactly(4, 5);
    }

    @Test
    void aPartWithoutRowsHasAnEmptyAnswerAndSoHasAnUnknownOne() {
        Parts.Answer sums = three().ask(rows -> rows.groupBy(Parts.PART).sum("n"));

        assertThat(sums.of(Parts.of(1))).hasSize(1);
        assertThat(sums.of(Parts.of(2, "after"))).isEmpty();
        assertThat(sums.of(Parts.of(3))).isEmpty();
        assertThat(new Parts().ask(rows -> rows).of(Parts.of(1))).isEmpty();
    }

    @Test
    void aPartIsChangedByItsName() {
        Parts.Answer renamed = three().map((part, rows) -> rows.withColumn("name", functions.lit(part + "!")))
                .ask(rows -> rows);

        assertThat(renamed.of(Parts.of(1)))
                .extracting(row -> row.<String>getAs("name"))
                .containsOnly("1 !");
    }
}
