package org.hone.spark.cluster;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.audit.Visible;
import org.hone.spark.notebook.Notebook;
import org.hone.spark.run.StageReport;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/** The committed notebook, run on the small rounds' folder: what its cells show is what the run's files say. */
final class NotebookTour {
    private static final int SAMPLES = 3;
    private static final String START = "<s>";
    private static final String END = "</s>";

    private final SparkSession spark;
    private final Path run;
    private final Map<String, StageReport> reports;
    private final List<Notebook.Ran> cells;

    private NotebookTour(SparkSession spark, Path run, Map<String, StageReport> reports) throws Exception {
        this.spark = spark;
        this.run = run;
        this.reports = reports;
        System.setProperty("hone.run", run.toString());
        try {
            this.cells = Notebook.run(Path.of("..", "notebooks", "tour.ipynb"));
        } finally {
            System.clearProperty("hone.run");
        }
    }

    static void check(SparkSession spark, Path run, Map<String, StageReport> reports) throws Exception {
        NotebookTour tour = new NotebookTour(spark, run, reports);
        assertThat(tour.cells.subList(1, tour.cells.size()))
                .allSatisfy(cell -> assertThat(cell.shown()).as(cell.source()).isNotEmpty());
        assertThat(tour.cells.toString()).as("no path of the machine").doesNotContain(run.toString());
        tour.stages();
        tour.curves();
        tour.distributions();
        tour.selected();
        tour.masks();
        tour.samples();
        tour.gold();
    }

    private void stages() throws Exception {
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(column(rows(shown("tour.stages()", 0)), 0))
                    .containsExactlyInAnyOrderElementsOf(files.filter(file -> file.endsWith("_done.json"))
                            .map(file -> run.relativize(file.getParent()).toString())
                            .toList());
        }
        Element losses = shown("tour.steps()", 0);
        assertThat(texts(losses, "text")).contains("v1/sft", "v1/fine-tune", "v2/fine-tune");
        List<Integer> steps = new ArrayList<>();
        for (String stage : List.of("v1/fine-tune", "v1/sft", "v2/fine-tune")) {
            steps.add((int) report(stage).number("steps"));
        }
        assertThat(points(losses)).isEqualTo(steps);
    }

    /** The best of K is the mean of the prompts' highest rewards, the best of one the mean of all: here by SQL. */
    private void curves() {
        Element chart = shown("SelectStage.CURVES", 0);
        assertThat(points(chart)).isEqualTo(List.of(SAMPLES, SAMPLES));
        assertThat(texts(chart, "text")).contains("V1, temperature 1.0", "V2, temperature 1.0");
        List<String> places = texts(chart, "title");
        List<List<String>> table = rows(shown("max_by(", 0));
        for (int round = 1; round <= SmallRound.THROUGH; round++) {
            Row rewards = spark.read()
                    .parquet(table("score/scores", round))
                    .filter("round = " + round)
                    .groupBy("prompt_id")
                    .agg(Map.of("reward", "max"))
                    .withColumnRenamed("max(reward)", "best")
                    .selectExpr("avg(best)")
                    .first();
            double mean = spark.read()
                    .parquet(table("score/scores", round))
                    .filter("round = " + round)
                    .selectExpr("avg(reward)")
                    .first()
                    .getDouble(0);
            assertPlace(places.get(SAMPLES * (round - 1)), 1, mean);
            assertPlace(places.get(SAMPLES * round - 1), SAMPLES, rewards.getDouble(0));
            assertThat(table.get(round - 1).subList(0, 3))
                    .containsExactly(round + "", SAMPLES + "", digits(rewards.getDouble(0)));
        }
    }

    private static void assertPlace(String place, double x, double y) {
        String[] both = place.split(", ", -1);
        assertThat(Double.parseDouble(both[0])).isEqualTo(x);
        assertThat(Double.parseDouble(both[1])).isCloseTo(y, withinPercentage(0.1));
    }

    private void distributions() {
        int candidates = 20 * SAMPLES;
        Element rounds = shown("concat('V', round)", 0);
        assertThat(texts(rounds, "text")).contains("V1 (" + candidates + ")", "V2 (" + candidates + ")");
        assertThat(points(rounds)).hasSize(SmallRound.THROUGH);
        int selected = (int) report("v2/select").number("selected");
        assertThat(texts(shown("scored.union(selected)", 0), "text"))
                .contains("all candidates (" + 2 * candidates + ")", "selected (" + selected + ")");
    }

    private void selected() {
        int[] responses = new int[SmallRound.THROUGH + 1];
        String round = "";
        for (List<String> row : rows(shown("count_distinct(col(\"prompt_id\"))", 0))) {
            round = row.get(0).isEmpty() ? round : row.get(0);
            responses[Integer.parseInt(round)] += Integer.parseInt(row.get(2));
        }
        for (int number = 1; number <= SmallRound.THROUGH; number++) {
            assertThat((double) responses[number])
                    .isEqualTo(report("v" + number + "/select").number("selected"));
        }
    }

    /** What is marked is the response that the row was made of, and its end; what is not, is the rest. */
    private void masks() {
        String preferences = run.resolve("v1/import/preferences").toString();
        marked("TokeniseStage.EXAMPLES", preferences, "chosen");
        marked("SelectStage.EXAMPLES", table("select/selected", SmallRound.THROUGH), "text");
    }

    private void marked(String cell, String source, String response) {
        NodeList paragraphs = shown(cell, 0).getElementsByTagName("p");
        assertThat(paragraphs.getLength()).isEqualTo(3);
        for (int i = 0; i < paragraphs.getLength(); i++) {
            Element row = (Element) paragraphs.item(i);
            Row expected = spark.read()
                    .parquet(source)
                    .filter("id = '" + row.getAttribute("title") + "'")
                    .selectExpr("element_at(prompt, -1).text", response)
                    .first();
            String trained = plain(String.join("", texts(row, "mark")));
            // an unknown piece is text in a decoded response, and none among the marked pieces
            String whole = plain(Visible.of(expected.getString(1).replaceAll("\\s*⁇\\s*", "")));
            if (trained.endsWith(END)) {
                assertThat(trained).as(cell).isEqualTo(whole + END);
            } else {
                // cut at the longest row or the longest response, so its end is not taught
                assertThat(trained).as(cell).isNotEmpty();
                assertThat(whole).as(cell).startsWith(trained);
            }
            String read = String.join("", texts(row, "span"));
            assertThat(read).startsWith(START).doesNotContain(END);
            // of a long prompt the beginning is missing
            String prompt = expected.getString(0) + "\n\nAssistant:";
            assertThat(read.endsWith(prompt)
                            || prompt.endsWith(read.substring(START.length()).strip()))
                    .as(read)
                    .isTrue();
        }
    }

    /** A policy that has learned little draws control tokens and halves of characters, which its text does not have. */
    private static String plain(String text) {
        return text.replaceAll("<s>|<unk>|\\ufffd", "").strip();
    }

    private void samples() {
        List<List<String>> table = rows(shown("element_at(prompt, -1).text", 0));
        assertThat(table).hasSize(6 * (1 + SmallRound.THROUGH));
        assertThat(column(table.subList(0, 6), 1)).containsExactly("SFT", "V1", "V2", "SFT", "V1", "V2");
        assertThat(column(table, 0).stream().filter(String::isEmpty).count())
                .as("a prompt is shown once")
                .isGreaterThanOrEqualTo(6 * SmallRound.THROUGH);
        List<String> policies =
                List.of("v1/evaluate-policy/before", "v1/evaluate-policy/after", "v2/evaluate-policy/after");
        for (int policy = 0; policy < policies.size(); policy++) {
            Map<String, String> rewards = new HashMap<>();
            spark.read()
                    .parquet(run.resolve(policies.get(policy)).toString())
                    .filter("sample = 0")
                    .selectExpr("text", "reward")
                    .collectAsList()
                    .forEach(row -> rewards.put(Visible.of(row.getString(0)), digits(row.getDouble(1))));
            int first = policy;
            IntStream.range(0, 6)
                    .mapToObj(prompt -> table.get(prompt * policies.size() + first))
                    .forEach(row -> assertThat(rewards).containsEntry(row.get(2), row.get(3)));
        }
    }

    private void gold() {
        List<List<String>> table = rows(shown("GoldStage.BEFORE", 0));
        assertThat(column(table, 0)).containsExactly("0", "1", "2");
        assertThat(column(table, 2))
                .containsExactly(
                        digits(report("v1/gold").number("gold_before")),
                        digits(report("v1/gold").number("gold_after")),
                        digits(report("v2/gold").number("gold_after")));
        assertThat(points(shown("GoldStage.BEFORE", 1))).containsExactly(1 + SmallRound.THROUGH);
    }

    private StageReport report(String stage) {
        return Objects.requireNonNull(reports.get(stage), stage);
    }

    private String table(String name, int round) {
        return run.resolve("v" + round).resolve(name).toString();
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** What the one cell with this text in it showed, read as strictly as XML is: text that was not escaped would not pass. */
    private Element shown(String inSource, int number) {
        List<Notebook.Ran> found =
                cells.stream().filter(cell -> cell.source().contains(inSource)).toList();
        assertThat(found).as(inSource).hasSize(1);
        String content = "<div>" + found.get(0).shown().get(number).content() + "</div>";
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (Exception e) {
            throw new AssertionError(content, e);
        }
    }

    private static List<String> texts(Element in, String tag) {
        NodeList found = in.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
    }

    /** How many points each line has. */
    private static List<Integer> points(Element chart) {
        NodeList lines = chart.getElementsByTagName("polyline");
        return IntStream.range(0, lines.getLength())
                .mapToObj(i -> ((Element) lines.item(i)).getAttribute("points").split(" ", -1).length)
                .toList();
    }

    private static List<List<String>> rows(Element table) {
        NodeList rows = table.getElementsByTagName("tr");
        return IntStream.range(1, rows.getLength())
                .mapToObj(i -> texts((Element) rows.item(i), "td"))
                .toList();
    }

    private static List<String> column(List<List<String>> rows, int number) {
        return rows.stream().map(row -> row.get(number)).toList();
    }
}
