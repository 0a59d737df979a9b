package org.hone.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;

/** Prints what every stage of a run reported. */
final class Summary {
    private Summary() {}

    static void print(PrintWriter out, RunFolder folder, Map<String, StageReport> reports) {
        print(out, "Run " + folder.path(""), reports);
    }

    static void print(PrintWriter out, String title, Map<String, StageReport> reports) {
        out.println(title);
        reports.forEach((stage, report) -> {
            out.println("  " + stage);
            report.figures().forEach((name, value) -> out.printf("    %-46s %s%n", name, shown(value)));
        });
        out.flush();
    }

    static String shown(Object value) {
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return number == Math.rint(number) && Math.abs(number) < 1e9
                    ? String.format(Locale.ROOT, "%.1f", number)
                    : String.format(Locale.ROOT, "%.4g", number);
        }
        return String.valueOf(value);
    }
}
