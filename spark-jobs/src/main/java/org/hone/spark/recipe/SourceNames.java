package org.hone.spark.recipe;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.importer.Format;
import org.hone.data.importer.registry.Formats;
import org.jspecify.annotations.Nullable;

/** Names of sources and of their formats. */
public final class SourceNames {
    private static final String EXPECTED = "expected letters, digits, dots, dashes and spaces, a letter or digit first";
    private static final String ALLOWED = "[\\p{L}\\p{N}][\\p{L}\\p{N}._ -]*";

    private SourceNames() {}

    /**
     * Checks a name that stands on the command line.
     *
     * @param option the option that gives it
     * @param name the name
     * @throws IllegalArgumentException if it can be no source's name
     */
    public static void check(String option, String name) {
        if (!name.matches(ALLOWED)) {
            throw new IllegalArgumentException(option + ": got '" + name + "', " + EXPECTED);
        }
    }

    /** A name that can stand in a path and in a report. */
    static String read(Section section) {
        String name = section.text("name");
        if (!name.isEmpty() && !name.matches(ALLOWED)) {
            section.refuse("name", "got " + name + ", " + EXPECTED);
        }
        return name;
    }

    /** The name of a format, null if it is to be detected. */
    static @Nullable String format(Section section, String... others) {
        String format = section.optionalText("format");
        List<String> allowed = new ArrayList<>(List.of(others));
        Formats.all().stream().map(Format::name).forEach(allowed::add);
        if (format != null && !allowed.contains(format)) {
            section.refuse("format", "got " + format + ", expected nothing or one of " + String.join(", ", allowed));
            return null;
        }
        return format;
    }
}
