package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.audit.AuditReport;
import org.hone.spark.audit.AuditTerminal;
import org.hone.spark.prepare.AuditTables;
import org.hone.spark.prepare.CurateTables;
import org.hone.spark.prepare.DataFolder;
import org.hone.spark.prepare.ImportTables;
import org.hone.spark.prepare.PackTables;
import org.hone.spark.prepare.Sources;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.session.HoneSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that make data ready by a recipe: {@code curate}, {@code pack}, {@code audit}, or all of them. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class DataCommand {
    private DataCommand() {}

    /** What the commands share. */
    static final class Arguments {
        @Parameters(paramLabel = "RECIPE", description = "the recipe, a YAML file; see conf/recipes/open-data.yaml")
        private Path recipe;

        @Mixin
        private DataInput data;
    }

    /** What a command does. */
    private interface Work {
        int run(DataFolder folder, ResolvedRecipe<DataRecipe> recipe) throws IOException;
    }

    private static int run(String name, Arguments arguments, Work work) throws IOException {
        ResolvedRecipe<DataRecipe> recipe = arguments.data.recipe(arguments.recipe);
        try (SparkSession spark =
                HoneSession.start("hone " + name + " " + recipe.recipe().name())) {
            spark.sparkContext().setJobDescription(name);
            return work.run(
                    DataFolder.open(
                            spark, arguments.data.folder(), recipe.recipe().tables()),
                    recipe);
        }
    }

    private static int audit(PrintWriter out, DataFolder folder, DataRecipe recipe) throws IOException {
        AuditReport report = AuditTables.run(folder, recipe);
        AuditTerminal.print(out, report, Ansi.AUTO);
        out.println("Page: " + AuditTables.page(folder));
        out.flush();
        return report.passed() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private static void print(PrintWriter out, DataFolder folder, Map<String, StageReport> reports) {
        Summary.print(out, "Data " + folder.path(""), reports);
    }

    /** {@code hone curate}. */
    @Command(
            name = "curate",
            mixinStandardHelpOptions = true,
            description =
                    "Imported tables to curated ones: duplicates, near-duplicates, evaluation data and unsafe choices"
                            + " out, each removed row with its rule; held-out rows and mixtures apart.")
    static final class Curate implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run("curate", arguments, (folder, recipe) -> {
                print(spec.commandLine().getOut(), folder, Map.of("curate", CurateTables.run(folder, recipe)));
                return ExitCodes.DONE;
            });
        }
    }

    /** {@code hone pack}. */
    @Command(
            name = "pack",
            mixinStandardHelpOptions = true,
            description =
                    "Curated tables to token shards: comparisons with their prompt once, demonstrations and documents"
                            + " packed; a manifest each.")
    static final class Pack implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run("pack", arguments, (folder, recipe) -> {
                print(spec.commandLine().getOut(), folder, Map.of("pack", PackTables.run(folder, recipe)));
                return ExitCodes.DONE;
            });
        }
    }

    /** {@code hone audit}. */
    @Command(
            name = "audit",
            mixinStandardHelpOptions = true,
            description =
                    "Every curated row, and every row of the shards, against the rules of training data; shows decoded"
                            + " rows with what is trained in colour. Fails (1) if a rule is broken.")
    static final class Audit implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run(
                    "audit",
                    arguments,
                    (folder, recipe) -> audit(spec.commandLine().getOut(), folder, recipe.recipe()));
        }
    }

    /** {@code hone prepare}. */
    @Command(
            name = "prepare",
            mixinStandardHelpOptions = true,
            description =
                    "Raw files to audited token shards: import, curate, pack, audit. Started again, it goes on where it"
                            + " stopped, and does only what changed.")
    static final class Prepare implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run("prepare", arguments, (folder, recipe) -> {
                PrintWriter out = spec.commandLine().getOut();
                Map<String, StageReport> reports = new LinkedHashMap<>();
                reports.put("import", ImportTables.run(folder, Sources.of(folder.spark(), recipe.recipe())));
                reports.put("curate", CurateTables.run(folder, recipe));
                reports.put("pack", PackTables.run(folder, recipe));
                int outcome = audit(out, folder, recipe.recipe());
                print(out, folder, reports);
                return outcome;
            });
        }
    }
}
