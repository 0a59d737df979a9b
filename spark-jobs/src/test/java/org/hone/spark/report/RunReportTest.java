package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** The page about two rounds, the second of which is unfinished; expected values are hand arithmetic on {@link HandWrittenRun}. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class RunReportTest {
    private static final String DATA = "<script type=\"application/json\" id=\"data\">";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path run;

    @LocalSession
    private static SparkSession spark;

    private static StageContext context;
    private static String html;
    private static JsonNode data;

    @BeforeAll
    static void write() throws IOException {
        StageContext first = LocalSpark.run(spark, run, HandWrittenRun.RECIPE);
        context = first.ofRound(0);
        new HandWrittenRun(first).write();
        RunReport.write(context);
        html = Files.readString(run.resolve("report.html"));
        data = data(html);
    }

    private static JsonNode data(String page) throws IOException {
        return JSON.readTree(script(page, DATA));
    }

    /** What a script element holds, as an HTML parser finds it: up to the first end tag. */
    private static String script(String page, String tag) {
        int start = page.indexOf(tag) + tag.length();
        return page.substring(start, page.indexOf("</script", start));
    }

    @Test
    void aResponseThatEndsTheScriptStaysText() throws IOException {
        JsonNode after = data.at("/samples").findParents("turns").stream()
                .filter(sample -> sample.path("id").asText().equals("held-0"))
                .findFirst()
                .orElseThrow()
                .at("/rounds/1/after");
        assertThat(after.path("text").asText()).isEqualTo(HandWrittenRun.HOSTILE);
        assertThat(html).doesNotContain("alert(1)</script>", "<script>alert(1)", "<i>so</i>");
        assertThat(script(html, DATA)).doesNotContain("<").contains("\\u003c/script>");
        for (String name : List.of("elements", "charts", "models", "rewards", "stages", "samples", "page")) {
            try (InputStream in = RunReport.class.getResourceAsStream(name + ".js")) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .as(name)
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser");
            }
        }
    }

    @Test
    void nothingIsFetched() {
        assertThat(html).contains("default-src 'none'").doesNotContain("{{");
        String own = html.replace(script(html, "<script>"), "");
        assertThat(own).doesNotContain("http:", "https:", "src=", "url(", "@import");
    }

    @Test
    void accuracyIsByRatingAndSourceBesideLength() {
        JsonNode model = data.at("/rewardModels/0");
        assertThat(model.path("axis").asText()).isEqualTo("helpfulness");
        // two right and a tie of four; the chosen one is longer in three
        assertThat(group(model, "all", "").at("/accuracy/0").asDouble()).isEqualTo(0.625);
        assertThat(group(model, "all", "").at("/longer/0").asDouble()).isEqualTo(0.75);
        // Wilson's interval of 2.5 of 4
        assertThat(group(model, "all", "").at("/accuracy/1").asDouble()).isCloseTo(0.2194, within(1e-4));
        assertThat(group(model, "all", "").at("/accuracy/2").asDouble()).isCloseTo(0.9081, within(1e-4));
        assertThat(group(model, "rating", "BETTER").at("/accuracy/0").asDouble())
                .isEqualTo(0.75);
        assertThat(group(model, "rating", "BETTER").path("n").asInt()).isEqualTo(2);
        assertThat(group(model, "source", "a<b").at("/longer/0").asDouble()).isEqualTo(0.5);
        assertThat(group(model, "source", "c").at("/accuracy/0").asDouble()).isEqualTo(0.5);
        // one decision without confidence, σ(0), counted half; three of σ(2), two of them right
        assertThat(model.at("/calibration/0/confidence").asDouble()).isEqualTo(0.5);
        assertThat(model.at("/calibration/1/confidence").asDouble()).isCloseTo(0.880797, within(1e-6));
        assertThat(model.at("/calibration/1/accuracy/0").asDouble()).isCloseTo(2 / 3.0, within(1e-6));
        assertThat(model.path("calibrationError").asDouble()).isCloseTo(0.75 * (0.880797 - 2 / 3.0), within(1e-6));
    }

    private static JsonNode group(JsonNode model, String by, String name) {
        return StreamSupport.stream(model.path("groups").spliterator(), false)
                .filter(group -> group.path("by").asText().equals(by)
                        && group.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void curvesHaveBandsWhereThereIsMoreThanOnePrompt() {
        JsonNode points = data.at("/curves/0/points");
        assertThat(points)
                .as("N = 3 was reached by one prompt only, whose mean is not the others'")
                .hasSize(2);
        assertThat(points.at("/0/max/1").asDouble()).isCloseTo(1.5 - 1.959964 * 0.5, within(1e-5));
        assertThat(points.at("/1/max/0").asDouble()).isEqualTo(2.0);
        assertThat(points.at("/1/max/1").isNull()).isTrue();
        assertThat(data.at("/temperatures/0/missing").asBoolean()).isTrue();
        assertThat(data.at("/temperatures/1/chosen").asDouble()).isEqualTo(1.5);
    }

    @Test
    void rewardsAreSpreadByRoundAndByTheNewestModels() {
        JsonNode own = data.at("/distributions/rounds/1/histogram/series");
        assertThat(own).extracting(one -> one.path("name").asText()).containsExactly("candidates", "selected");
        // rewards 1, 2, 3, 4; of the prompts the best are 2 and 4
        assertThat(own.at("/0/mean").asDouble()).isEqualTo(2.5);
        assertThat(own.at("/1/mean").asDouble()).isEqualTo(3);
        assertThat(own.at("/0/counts/0").asInt()).isEqualTo(1);
        assertThat(own.at("/0/counts/39").asInt()).isEqualTo(1);
        JsonNode newest = data.at("/distributions/histogram/series");
        assertThat(data.at("/distributions/newest").asInt()).isEqualTo(2);
        assertThat(newest.at("/0/mean").asDouble()).isEqualTo(2.0);
        for (JsonNode series : newest) {
            int all = 0;
            for (JsonNode count : series.path("counts")) {
                all += count.asInt();
            }
            assertThat(all).isEqualTo(4).isEqualTo(series.path("n").asInt());
        }
    }

    @Test
    void scatterLengthsAndSelectionComeFromTheTables() {
        assertThat(data.at("/scatter/candidates").asInt()).isEqualTo(8);
        // by id: v1c0, …; helpfulness, safety, round, prompt of safety, selected in the newest round
        assertThat(data.at("/scatter/points/2").toString()).isEqualTo("[2.5,-2.0,1,1,0]");
        assertThat(data.at("/scatter/points/5").toString()).isEqualTo("[2.0,-2.0,2,0,1]");
        JsonNode candidates = data.at("/lengths/1");
        assertThat(candidates.path("of").asText()).isEqualTo("candidates");
        assertThat(candidates.path("mean").asDouble()).isEqualTo(2.5);
        assertThat(candidates.path("quantiles").toString()).isEqualTo("[1,1,2,3,4]");
        assertThat(data.at("/selected/1/origins").toString())
                .isEqualTo("[{\"round\":2,\"n\":2,\"prompts\":2,\"reward\":3.0}]");
    }

    @Test
    void gainsHaveIntervalsAndGoldHasItsVerdict() {
        // 1 and 2 before, 3 and 2 after: mean ± 1.959964 · √½ / √2
        assertThat(data.at("/gains/0/before").toString()).isEqualTo("[1.5,0.520018,2.47998]");
        assertThat(data.at("/gains/0/after/0").asDouble()).isEqualTo(2.5);
        assertThat(data.at("/gains/1/missing").asBoolean()).isTrue();
        assertThat(data.at("/gold/verdict/0").asText())
                .isEqualTo("V1: gold reward rose, -0.500 to 1.250 (+1.750 ± 0.500 at 95 %)");
        // a single prompt has no interval
        assertThat(data.at("/gold/rounds/0/after").toString()).isEqualTo("[1.25,null,null]");
    }

    @Test
    void responsesStandBesideTheirRewards() {
        for (JsonNode sample : data.path("samples")) {
            if (sample.path("id").asText().equals("held-0")) {
                assertThat(sample.at("/turns/0/1").asText()).isEqualTo("why is held-0 <i>so</i>?");
                assertThat(sample.at("/rounds/1/before/gold").asDouble()).isEqualTo(-0.5);
                assertThat(sample.at("/rounds/1/after/reward").asDouble()).isEqualTo(3);
                assertThat(sample.at("/rounds/1/after/safety").asDouble()).isEqualTo(0.5);
                assertThat(sample.at("/rounds/1/after/tokens").asInt()).isEqualTo(3);
            } else {
                assertThat(sample.at("/rounds/1/after/gold").isNull()).isTrue();
            }
        }
        assertThat(data.path("samples")).hasSize(2);
    }

    @Test
    void stagesHaveTimeTokensAndState() {
        assertThat(stage(data, "v1/sample").toString())
                .startsWith(
                        "{\"stage\":\"v1/sample\",\"state\":\"done\",\"seconds\":5.0,\"work\":\"drawn\",\"tokens\":10");
        // three tokens of the prompt each, in the second round those of the first too
        assertThat(stage(data, "v1/score").path("tokens").asInt()).isEqualTo(10 + 4 * 3);
        assertThat(stage(data, "v2/score").path("tokens").asInt()).isEqualTo(2 * (10 + 4 * 3));
        assertThat(stage(data, "v2/evaluate-policy").path("state").asText()).isEqualTo("to do");
    }

    @Test
    void passesHaveTheirOwnTemperaturesAndTokens(@TempDir Path folder) throws IOException {
        StageContext first = LocalSpark.run(
                spark,
                folder,
                HandWrittenRun.RECIPE
                        + "rejection-sampling: {prompts: 4, passes: 2, temperature-search: {temperatures: [0.5, 1.5]}}\n");
        new HandWrittenRun(first).writePasses();
        RunReport.write(first.ofRound(0));
        JsonNode passes = data(Files.readString(folder.resolve("report.html")));
        assertThat(stage(passes, "v1/pass-1/sample").path("tokens").asInt()).isEqualTo(1 + 2);
        assertThat(stage(passes, "v1/sample").path("tokens").asInt()).isEqualTo(3 + 4);
        assertThat(stage(passes, "v1/pass-1/score").path("tokens").asInt()).isEqualTo(3 + 2 * 3);
        assertThat(stage(passes, "v1/score").path("tokens").asInt()).isEqualTo(7 + 2 * 3);
        assertThat(passes.at("/temperatures/0").toString()).startsWith("{\"round\":1,\"pass\":1,");
        assertThat(passes.at("/temperatures/0/chosen").asDouble()).isEqualTo(1.5);
        assertThat(passes.at("/temperatures/1").toString()).isEqualTo("{\"round\":1,\"pass\":2,\"missing\":true}");
    }

    private static JsonNode stage(JsonNode data, String name) {
        return StreamSupport.stream(data.path("stages").spliterator(), false)
                .filter(stage -> stage.path("stage").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePageIsWrittenAgainOnlyAfterAnotherStage() throws IOException {
        Path page = run.resolve("report.html");
        RunReport.write(context);
        assertThat(Files.readString(page)).isEqualTo(html);
        Files.writeString(page, html + "<!-- kept -->");
        RunReport.writeIfOutdated(context);
        assertThat(Files.readString(page)).endsWith("<!-- kept -->");
        HandWrittenRun.done(context.ofRound(2), SelectStage.SELECTED, Map.of("seconds", 1.25));
        RunReport.writeIfOutdated(context);
        assertThat(Files.readString(page)).doesNotContain("<!-- kept -->").contains("1.25");
    }

    @Test
    void aRunWithoutARoundIsRefused(@TempDir Path empty) {
        StageContext nothing =
                LocalSpark.run(spark, empty, HandWrittenRun.RECIPE).ofRound(0);
        assertThatThrownBy(() -> RunReport.write(nothing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no round has begun, so there is nothing to report");
    }
}
