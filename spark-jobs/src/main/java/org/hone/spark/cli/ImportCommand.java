package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.data.importer.Format;
import org.hone.data.importer.registry.Formats;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.prepare.DataFolder;
import org.hone.spark.prepare.ImportTables;
import org.hone.spark.prepare.Sources;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.SourceNames;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.session.HoneSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone import}: raw files to tables. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Raw files to tables of preferences, demonstrations, prompts and documents; what cannot be used goes to"
                    + " quarantine with its reason. Importing a source or a week again replaces it.",
            "Either one RECIPE with all sources, or --source and its FILES."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class ImportCommand implements Callable<Integer> {
    private static final int LAST_WEEK = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataInput data;

    @Parameters(
            arity = "1..*",
            paramLabel = "RECIPE | FILES",
            description = "a YAML recipe; with --source files, folders or patterns, plain, gzip or zstd")
    private List<String> inputs;

    @Option(names = "--source", paramLabel = "NAME", description = "the name of the data set that the files belong to")
    private @Nullable String source;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description = "what the records mean; detected if not given. One of: ${COMPLETION-CANDIDATES}",
            completionCandidates = FormatNames.class)
    private @Nullable String format;

    @Option(names = "--week", paramLabel = "N", description = "the weekly batch of the rows")
    private @Nullable Integer week;

    @Option(names = "--licence", paramLabel = "NAME", description = "the licence of the rows")
    private @Nullable String licence;

    @Option(
            names = "--tables",
            paramLabel = "KIND",
            description = "how tables are kept: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
    private TableFormat tables = TableFormat.DELTA;

    @Override
    public Integer call() throws IOException {
        if (source == null) {
            if (inputs.size() != 1 || format != null || week != null || licence != null) {
                throw new IllegalArgumentException(
                        "--source is missing: give a name for the files, or one recipe alone");
            }
            DataRecipe recipe = data.recipe(Path.of(inputs.get(0))).recipe();
            try (SparkSession spark = HoneSession.start("hone import " + recipe.name())) {
                return run(DataFolder.open(spark, data.folder(), recipe.tables()), Sources.of(spark, recipe));
            }
        }
        SourceNames.check("--source", source);
        if (week != null && (week < 1 || week > LAST_WEEK)) {
            throw new IllegalArgumentException(
                    "--week: got " + week + ", expected a whole number from 1 to " + LAST_WEEK);
        }
        Format named = format == null ? null : Formats.named(format);
        try (SparkSession spark = HoneSession.start("hone import " + source)) {
            List<String> files = Sources.files(spark, inputs);
            return run(
                    DataFolder.open(spark, data.folder(), tables),
                    List.of(new ImportSource(source, files, named, week, licence)));
        }
    }

    private Integer run(DataFolder folder, List<ImportSource> sources) throws IOException {
        var report = ImportTables.run(folder, sources);
        Summary.print(spec.commandLine().getOut(), "Data " + folder.path(""), Map.of("import", report));
        return ExitCodes.DONE;
    }

    /** The names for the help. */
    private static final class FormatNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Formats.all().stream().map(Format::name).iterator();
        }
    }
}
