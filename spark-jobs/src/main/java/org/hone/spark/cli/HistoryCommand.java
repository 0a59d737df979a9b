package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.session.HoneSession;
import org.hone.spark.table.TableStore;
import org.hone.spark.table.TableVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone history}: the committed states of a table. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "The versions of a Delta table, newest first: when, by which command, how many rows.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class HistoryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TABLE", description = "the table's folder, such as DATA/tables/preferences")
    private String table;

    @Override
    public Integer call() throws IOException {
        String path = HoneSession.storage().qualified(table);
        try (SparkSession spark = HoneSession.start("hone history")) {
            PrintWriter out = spec.commandLine().getOut();
            for (TableVersion version : TableStore.of(TableFormat.DELTA, spark).history(path)) {
                Map<String, String> figures = new TreeMap<>(version.figures());
                figures.values().removeIf("0"::equals);
                out.printf(
                        Locale.ROOT,
                        "%6d  %s  %-10s %s  %s%n",
                        version.version(),
                        version.time(),
                        version.operation(),
                        version.note() == null ? "" : version.note(),
                        figures);
            }
            out.flush();
        }
        return ExitCodes.DONE;
    }
}
