package org.hone.spark.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.hone.spark.fixture.LocalSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Figures through Spark against numpy's and against arithmetic by hand, whatever the partitions. */
final class EvaluationReportTest {
    private static final double TOLERANCE = 1e-12;

    @LocalSession
    private static SparkSession spark;

    private static JsonNode reference;
    private static EvaluationReport report;

    @BeforeAll
    static void start() throws IOException {
        try (var in = EvaluationReportTest.class.getResourceAsStream("reference.json")) {
            reference = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
        report = report(referenceRows().coalesce(1));
    }

    private static EvaluationReport report(Dataset<Row> rewards) {
        return EvaluationReport.of(List.of(JudgedPairs.of("dev", List.of("help", "safe"), rewards)));
    }

    private static Dataset<Row> referenceRows() {
        List<Row> rows = new ArrayList<>();
        for (JsonNode pair : reference.get("pairs")) {
            for (String model : List.of("help", "safe")) {
                rows.add(RowFactory.create(
                        pair.get("id").asText(),
                        text(pair.get("rating")),
                        text(pair.get("safety_bin")),
                        pair.get("source").asText(),
                        pair.get("week").isNull() ? null : pair.get("week").asInt(),
                        pair.get("turns").asInt(),
                        pair.get("chosen_characters").asInt(),
                        pair.get("rejected_characters").asInt(),
                        1,
                        1,
                        0,
                        pair.get(model).get(0).asDouble(),
                        pair.get(model).get(1).asDouble(),
                        model));
            }
        }
        return rewards(rows);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isNull() ? null : node.asText();
    }

    private static Dataset<Row> rewards(List<Row> rows) {
        return spark.createDataFrame(rows, RewardTable.SCHEMA.add("model", DataTypes.StringType, false));
    }

    /** A comparison with equally long responses, from one source, of one turn. */
    private static Row pair(String id, @Nullable String bin, double chosen, double rejected) {
        return RowFactory.create(id, null, bin, "hand", null, 1, 5, 5, 1, 1, 0, chosen, rejected, "m");
    }

    @Test
    void partitionsDecideNothing() {
        assertThat(report(referenceRows().repartition(5))).isEqualTo(report);
        assertThat(report(referenceRows().orderBy("chosen_reward"))).isEqualTo(report);
    }

    @Test
    void accuraciesAreThoseOfNumpyInEveryGroup() {
        List<String> expected = new ArrayList<>();
        for (JsonNode group : reference.get("accuracy")) {
            String model = group.get("model").asText();
            String dimension = group.get("dimension").asText();
            String name = group.get("group").asText();
            expected.add(model + " " + dimension + " " + name);
            Figure figure = report.figures("dev", model, AccuracyFigures.ACCURACY, dimension).stream()
                    .filter(found -> found.group().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no figure for " + group));
            check(figure, group);
            assertThat(report.beside(figure, Baselines.LONGER).orElseThrow().value())
                    .isCloseTo(group.get("longer").asDouble(), within(TOLERANCE));
            assertThat(report.beside(figure, Baselines.SHORTER).orElseThrow().value())
                    .isCloseTo(1 - group.get("longer").asDouble(), within(TOLERANCE));
        }
        assertThat(report.figures().stream()
                        .filter(figure -> figure.name().equals(AccuracyFigures.ACCURACY) && figure.baseline() == null)
                        .map(figure -> figure.model() + " " + figure.dimension() + " " + figure.group()))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void check(Figure figure, JsonNode expected) {
        assertThat(figure.n()).as("%s", figure).isEqualTo(expected.get("n").asLong());
        assertThat(figure.value())
                .as("%s", figure)
                .isCloseTo(expected.get("value").asDouble(), within(TOLERANCE));
        Interval interval = Objects.requireNonNull(figure.interval());
        // roots of a polynomial lose some digits
        assertThat(interval.low())
                .as("%s", figure)
                .isCloseTo(expected.get("low").asDouble(), within(1e-7));
        assertThat(interval.high())
                .as("%s", figure)
                .isCloseTo(expected.get("high").asDouble(), within(1e-7));
    }

    @Test
    void groupsStandInTheirOwnOrder() {
        assertThat(report.figures("dev", "help", AccuracyFigures.ACCURACY, "rating"))
                .extracting(Figure::group)
                .containsExactly("significantly_better", "better", "slightly_better", "negligibly_better_or_unsure");
        assertThat(report.figures("dev", "help", AccuracyFigures.ACCURACY, "week"))
                .extracting(Figure::group)
                .containsExactly("1", "2", "11");
        assertThat(report.figures("dev", "safe", AccuracyFigures.ACCURACY, "length"))
                .extracting(figure -> figure.group().replaceAll(":.*", ""))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    @Test
    void calibrationAndSpreadAreThoseOfNumpy() {
        for (String model : List.of("help", "safe")) {
            JsonNode expected = reference.get("models").get(model);
            for (String name : List.of("ece", "log_loss", "brier")) {
                assertThat(report.overall("dev", model, name).orElseThrow().value())
                        .as(name)
                        .isCloseTo(expected.get(name).asDouble(), within(TOLERANCE));
            }
            check(
                    report.overall("dev", model, DistributionFigures.LENGTH_CORRELATION)
                            .orElseThrow(),
                    expected.get("length_correlation"));
            assertThat(spread(model, DistributionFigures.MEAN))
                    .isCloseTo(expected.get("mean").asDouble(), within(TOLERANCE));
            assertThat(spread(model, DistributionFigures.DEVIATION))
                    .isCloseTo(expected.get("deviation").asDouble(), within(TOLERANCE));
            // quantiles are of values rounded to a thousandth of the deviation
            assertThat(spread(model, "quantile 50.0 %"))
                    .isCloseTo(expected.get("median").asDouble(), within(1e-3));
        }
        assertThat(report.histograms().stream()
                        .filter(bin -> bin.model().equals("safe") && bin.part().equals("margin"))
                        .mapToLong(HistogramBin::n)
                        .sum())
                .isEqualTo(160);
    }

    private static double spread(String model, String name) {
        return report.figures("dev", model, name, DistributionFigures.PART).stream()
                .filter(figure -> figure.group().equals("margin"))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void theReferenceTellsWrongFiguresApart() {
        JsonNode control = reference.get("control");
        assertThat(report.overall("dev", "help", "ece").orElseThrow().value())
                .isNotCloseTo(control.get("ece_of_equal_bins").asDouble(), within(1e-4));
        assertThat(report.overall("dev", "help", "accuracy").orElseThrow().value())
                .isNotCloseTo(control.get("ties_as_right").asDouble(), within(1e-4));
    }

    @Test
    void theGateIsThatOfNumpy() {
        for (String model : List.of("help", "safe")) {
            reference.get("models").get(model).get("gate").properties().forEach(entry -> {
                String[] name = entry.getKey().split(" ", -1);
                Figure own = report.figures("dev", model, name[0], GateFigures.THRESHOLD).stream()
                        .filter(figure -> figure.group().equals(GateFigures.RECIPE))
                        .findFirst()
                        .orElseThrow();
                check(name.length == 1 ? own : report.beside(own, name[1]).orElseThrow(), entry.getValue());
            });
        }
    }

    @Test
    void agreementIsThatOfNumpy() {
        JsonNode expected = reference.get("agreement");
        Figure same = report.overall("dev", "help / safe", AgreementFigures.SAME_DECISION)
                .orElseThrow();
        check(same, expected.get("same"));
        assertThat(report.beside(same, Baselines.CHANCE).orElseThrow().value())
                .isCloseTo(expected.get("chance").asDouble(), within(TOLERANCE));
        check(
                report.overall("dev", "help / safe", AgreementFigures.CORRELATION)
                        .orElseThrow(),
                expected.get("correlation"));
    }

    @Test
    void fourPairsByHand() {
        EvaluationReport small = EvaluationReport.of(List.of(JudgedPairs.of(
                "hand",
                List.of("m"),
                rewards(List.of(
                        pair("a", "CHOSEN_SAFE_OTHER_UNSAFE", 0, -3), // right; σ(−3) = 0.047 is flagged, and unsafe
                        pair("b", "BOTH_SAFE", -2, -1), // wrong, σ(1) sure; σ(−2) = 0.119 is flagged, and safe
                        pair("c", "BOTH_UNSAFE", 1, 1), // a tie; two unsafe ones that are not flagged
                        pair("d", null, 1, 0)))))); // right, σ(1) sure; its bin is not known
        assertThat(small.overall("hand", "m", "accuracy").orElseThrow().value()).isEqualTo(2.5 / 4);
        // bins: a alone |1 − σ(3)|; b and d |1/2 − σ(1)|, twice; c |1/2 − 1/2|
        double ece = ((1 - 0.9525741268224334) + 2 * (0.7310585786300049 - 0.5) + 0) / 4;
        assertThat(small.overall("hand", "m", "ece").orElseThrow().value()).isCloseTo(ece, within(1e-12));
        assertThat(gate(small, "gate_precision")).isEqualTo(1 / 2.0);
        assertThat(gate(small, "gate_recall")).isEqualTo(1 / 3.0);
        assertThat(gate(small, "gate_accuracy")).isEqualTo(3 / 6.0);
        assertThat(small.overall("hand", "m", "length_correlation")).isEmpty();
        assertThat(small.couples()).isEmpty();
    }

    private static double gate(EvaluationReport report, String name) {
        return report.figures("hand", "m", name, GateFigures.THRESHOLD).stream()
                .filter(figure -> figure.group().equals("0.15"))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void withoutLabelsThereIsNoGateAndThePageSaysSo() {
        EvaluationReport bare = EvaluationReport.of(List.of(
                JudgedPairs.of("bare", List.of("m"), rewards(List.of(pair("a", null, 1, 0), pair("b", null, 1, 0))))));
        assertThat(bare.overall("bare", "m", GateFigures.UNSAFE)).isEmpty();
        assertThat(bare.figures("bare", "m", "accuracy", "rating")).isEmpty();
        String page = EvaluationPage.html(bare);
        assertThat(page)
                .contains("No comparison of this set says which of its responses are safe.")
                .contains("No comparison of this set says this.");
    }

    @Test
    void thePageIsOneFileAndEscapesWhatItShows() {
        Row strange =
                RowFactory.create("a", null, null, "<script>alert(1)</script>", null, 1, 5, 4, 1, 1, 0, 1.0, 0.0, "m");
        String page = EvaluationPage.html(
                EvaluationReport.of(List.of(JudgedPairs.of("odd", List.of("m"), rewards(List.of(strange))))));
        assertThat(page).contains("&lt;script&gt;").doesNotContain("<script", "http:", "https:", "NaN", "{{");
        assertThat(EvaluationPage.html(report)).contains("<svg", "Agreement: help / safe");
    }
}
