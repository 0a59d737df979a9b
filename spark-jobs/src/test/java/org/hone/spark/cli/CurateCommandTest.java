package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code hone curate} says of evaluation sets and mixtures that are not what a user thinks. */
@Timeout(300)
final class CurateCommandTest {
    private static final String RECIPE = """
            name: small
            sources:
              - {name: ours, origin: own, path: "${data}/ours.jsonl", format: hh-rlhf}
              - {name: theirs, path: "${data}/theirs.jsonl", format: hh-rlhf}
            evaluation-sets:
              - {name: exam, path: "${data}/exam.jsonl", format: hh-rlhf}
            curation:
              held-out: {fraction: 0}
              decontamination: {words: 6}
            encoding: {tokenizer: "${data}/t.model", template: plain, max-length: 64, response-tokens: 16}
            """;
    private static final String ASKED = "how many bridges cross the long river in the old town";

    @TempDir
    private Path folder;

    @BeforeEach
    void inputs() throws IOException {
        LocalSpark.useTwoSlots();
        TinyModels.tokenizer(folder.resolve("t.model"));
        lines("ours", HelpfulHarmless.line("why?", "because", "no"), HelpfulHarmless.line("when?", "now", "then"));
        lines("theirs", HelpfulHarmless.line(ASKED + "?", "two", "three"), HelpfulHarmless.line("who?", "me", "you"));
        lines("exam", "{\"chosen\": ", HelpfulHarmless.line(ASKED + "?", "four", "five"), "{}");
    }

    private void lines(String name, String... lines) throws IOException {
        Files.writeString(folder.resolve(name + ".jsonl"), String.join("\n", lines) + "\n");
    }

    private Shell curate(String recipe) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        String out = folder.resolve("out").toString();
        Shell imported = Shell.run("import", file.toString(), "-o", out, "-Ddata=" + folder);
        assertThat(imported.exit()).as(imported.err()).isZero();
        return Shell.run("curate", file.toString(), "-o", out, "-Ddata=" + folder);
    }

    private static void refused(Shell shell, String message) {
        assertThat(shell.err()).startsWith("hone: ").contains(message).doesNotContain("Exception", "\tat ");
        assertThat(shell.exit()).isEqualTo(ExitCodes.WRONG_INPUT);
    }

    @Test
    void rowsOfEvaluationSetsThatCannotBeReadAreCountedAndKept() throws IOException {
        Shell curated = curate(RECIPE);
        assertThat(curated.err()).isEmpty();
        assertThat(curated.exit()).isZero();
        assertThat(curated.out())
                .containsPattern("evaluation_records exam +3\n")
                .containsPattern("evaluation_rows exam +1\n")
                .containsPattern("evaluation_quarantined exam +2\n")
                .containsPattern("evaluation_quarantined exam MALFORMED_JSON +1\n")
                .containsPattern("evaluation_quarantined exam MISSING_FIELD +1\n")
                .containsPattern("removed preferences theirs contaminated +1\n");
        try (SparkSession spark = LocalSpark.start()) {
            assertThat(spark.read()
                            .format("delta")
                            .load(folder.resolve("out/curated/evaluation-quarantine")
                                    .toString())
                            .select("source", "record", "reason")
                            .orderBy("record")
                            .collectAsList())
                    .extracting(Row::mkString)
                    .containsExactly("exam1MALFORMED_JSON", "exam3MISSING_FIELD");
        }
    }

    @Test
    void anEvaluationSetOfWhichNothingCanBeReadIsRefused() throws IOException {
        lines("exam", "{\"chosen\": ", "{}", "{}");
        refused(
                curate(RECIPE),
                "evaluation set exam: none of its 3 rows can be read (1 MALFORMED_JSON, 2 MISSING_FIELD), so nothing of"
                        + " it would be kept out of training; check its path and format");
    }

    @Test
    void aHelpfulnessMixtureThatWouldBeEmptyIsRefused() throws IOException {
        String noneOfOurs = RECIPE.replace("origin: own, ", "");
        refused(
                curate(noneOfOurs),
                "curation.mixtures: the helpfulness mixture would be empty, and 4 comparisons on helpfulness be left"
                        + " out: it begins with the comparisons of sources with origin: own and axis: helpfulness, and"
                        + " there are none; say origin: own for what your annotators wrote, or"
                        + " curation.mixtures.enabled: false");
        refused(
                curate(RECIPE.replace("{name: theirs,", "{name: theirs, origin: own,")),
                "there are 4 of your own, and too few others for helpfulness-others 0.5; add sources");
        Shell unmixed = curate(noneOfOurs.replace("curation:", "curation:\n  mixtures: {enabled: false}"));
        assertThat(unmixed.exit()).as(unmixed.err()).isZero();
        assertThat(unmixed.out()).containsPattern("training +3\n");
    }

    @Test
    void aRecipeOfSafetyAloneNeedsNoHelpfulness() throws IOException {
        Shell safety = curate(RECIPE.replace(", path:", ", axis: safety, path:")
                .replace("{name: exam, axis: safety,", "{name: exam,")
                .replace("curation:", "curation:\n  mixtures: {shortage: keep}"));
        assertThat(safety.exit()).as(safety.err()).isZero();
        assertThat(safety.out())
                .containsPattern("mixture helpfulness +0 \\+ 0, empty\n")
                .containsPattern("mixture safety +3 \\+ 0\n");
    }
}
