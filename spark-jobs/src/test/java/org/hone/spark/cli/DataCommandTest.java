package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(300)
final class DataCommandTest {
    private static final String RECIPE = """
            name: small
            seed: 1
            sources:
              - {name: hh, path: "${data}/hh/*.jsonl", format: hh-rlhf, week: 1}
              - name: ours
                origin: own
                path: ${data}/ours.csv
                format: mapping
                mapping:
                  kind: preference
                  columns: {prompt: q, chosen: good, rejected: bad}
            curation:
              held-out: {fraction: 0.1}
            encoding: {tokenizer: "${data}/t.model", template: plain, max-length: 64, response-tokens: 16}
            audit: {max-truncated-share: 1}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void inputs() throws IOException {
        LocalSpark.useTwoSlots();
        TinyModels.tokenizer(folder.resolve("t.model"));
        HelpfulHarmless.write(
                folder.resolve("hh/a.jsonl"),
                HelpfulHarmless.line("why?", "because", "no") + "\n"
                        + HelpfulHarmless.line("so " + "long ".repeat(60) + "?", "yes", "no") + "\n"
                        + HelpfulHarmless.line("who?", "me", "you") + "\n{\n");
        Files.writeString(folder.resolve("ours.csv"), "q,good,bad\nwhen?,now,then\nwhere?,here,there\n");
    }

    private Shell data(String command, String recipe) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        return Shell.run(command, file.toString(), "-o", folder.resolve("out").toString(), "-Ddata=" + folder);
    }

    private void refused(Shell shell, String... messages) {
        assertThat(shell.err()).startsWith("hone: ").contains(messages).doesNotContain("Exception", "\tat ");
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void rawFilesBecomeAuditedShards() throws IOException {
        Shell prepared = data("prepare", RECIPE);
        assertThat(prepared.err()).isEmpty();
        assertThat(prepared.exit()).isZero();
        assertThat(prepared.out())
                .containsPattern("records +6\n")
                .containsPattern("preferences +5\n")
                .containsPattern("quarantined hh MALFORMED_JSON +1\n")
                .containsPattern("rows_in preferences ours +2\n")
                .contains("Page: file:", "audit.html");
        assertThat(folder.resolve("out/audit/audit.html")).exists();
        Shell failed = data("audit", RECIPE.replace("max-truncated-share: 1", "max-truncated-share: 0.01"));
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).containsIgnoringCase("truncated");
        Shell history =
                Shell.run("history", folder.resolve("out/tables/preferences").toString());
        assertThat(history.exit()).isZero();
        assertThat(history.lines())
                .singleElement()
                .asString()
                .startsWith("     0  ")
                .contains("import of hh, ours");
    }

    @Test
    void shardsThatAreOlderThanTheCuratedTablesFailTheAudit() throws IOException {
        assertThat(data("prepare", RECIPE).exit()).isZero();
        assertThat(data("curate", RECIPE.replace("fraction: 0.1", "fraction: 0.2"))
                        .exit())
                .isZero();
        Shell stale = data("audit", RECIPE);
        assertThat(stale.exit()).isEqualTo(1);
        assertThat(stale.out())
                .contains(
                        "out/shards: the shards are not those of the curated tables", "run hone pack with this recipe");
        assertThat(data("pack", RECIPE).exit()).isZero();
        assertThat(data("audit", RECIPE).exit()).isZero();
    }

    @Test
    void filesAreImportedWithoutARecipe() {
        String file = folder.resolve("hh").toString();
        String out = folder.resolve("out").toString();
        Shell shell = Shell.run("import", "--source", "hh", "--week", "3", "--licence", "MIT", file, "-o", out);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exit()).isZero();
        assertThat(shell.out()).containsPattern("records hh week 3 +4\n").containsPattern("quarantined +1\n");
        assertThat(Shell.run("import", "--source", "hh", "--week", "3", "--licence", "MIT", file, "-o", out)
                        .out())
                .isEqualTo(shell.out());
    }

    @Test
    void whatCannotBeImportedIsSaid() throws IOException {
        String out = folder.resolve("out").toString();
        String file = folder.resolve("hh/a.jsonl").toString();
        refused(Shell.run("import", file, file, "-o", out), "--source is missing: give a name for the files, or one");
        refused(
                Shell.run("import", "--source", "x", "--format", "hhrlhf", file, "-o", out),
                "format: no format 'hhrlhf'; known are [hh-rlhf, ");
        refused(Shell.run("import", "--source", "", file, "-o", out), "--source: got ''", "expected letters");
        refused(Shell.run("import", "--source", "x", "--week", "0", file, "-o", out), "--week: got 0, expected");
        refused(
                Shell.run("import", "--source", "x", folder.resolve("absent").toString(), "-o", out),
                "absent: there is no file; give a file, a folder or a pattern");
        Files.writeString(folder.resolve("odd.jsonl"), "{\"foo\": 1}\n");
        refused(
                Shell.run("import", "--source", "x", folder.resolve("odd.jsonl").toString(), "-o", out),
                "odd.jsonl: format: no format recognises the first 1 records, which have the fields [foo]");
        refused(
                Shell.run("history", folder.resolve("absent").toString()),
                "absent: there is no Delta table; give the folder that holds its _delta_log");
        refused(data("audit", RECIPE), "curated is not done; run hone curate with the same recipe and folder first");
    }

    @Test
    void evaluationSetsOfOneNameAreRefused() throws IOException {
        String twice = "evaluation-sets: [{name: e, path: a}, {name: e, path: b}]\ncuration:";
        refused(
                data("prepare", RECIPE.replace("curation:", twice)),
                "recipe.yaml:12: evaluation-sets: two sets have the name e; give each its own, or one set a pattern");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "seed: 1 | sead: 1 | recipe.yaml:2: sead: unknown key; did you mean seed?",
                "hh-rlhf | hh-rhlf | recipe.yaml:4: sources[0].format: got hh-rhlf, expected nothing or one of",
                "name: ours | name: ../ours | recipe.yaml:5: sources[1].name: got ../ours, expected letters",
                "chosen: good | choosen: good | mapping.columns.choosen: unknown; kind preference has [prompt, chosen",
                "q, chosen: good | q | mapping.columns.chosen: missing; kind preference needs [prompt, chosen, rejected]",
                "format: mapping | format: alpaca | format: mapping and a section mapping belong together",
                "name: ours | {name: hh | recipe.yaml:",
                "fraction: 0.1 | fraction: 2 | curation.held-out.fraction: got 2, expected a number",
                "plain | lama2 | encoding.template: unknown chat template 'lama2'",
                "response-tokens: 16 | response-tokens: 64 | response-tokens: got 64, leaves no room for a prompt",
                "share: 1 | share: 2 | audit.max-truncated-share: got 2"
            })
    void wrongRecipesAreNamedByTheirLine(String part, String wrong, String message) throws IOException {
        assertThat(RECIPE).contains(part);
        refused(data("prepare", RECIPE.replace(part, wrong)), "recipe.yaml:", message);
    }
}
