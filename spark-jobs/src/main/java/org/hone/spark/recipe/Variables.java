package org.hone.spark.recipe;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of {@code ${name}} in a recipe's texts, given on the command line, so that a recipe names no
 * machine's folders.
 */
public final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)}");

    private final Map<String, String> values;
    private final boolean lenient;

    /**
     * Keeps a copy of the values.
     *
     * @param values value by name
     */
    public Variables(Map<String, String> values) {
        this(values, false);
    }

    private Variables(Map<String, String> values, boolean lenient) {
        this.values = new TreeMap<>(values);
        this.lenient = lenient;
    }

    /**
     * Of these a name without a value stays as it is written: for what can be said of a recipe without its files.
     *
     * @param values value by name
     * @return the variables
     */
    public static Variables lenient(Map<String, String> values) {
        return new Variables(values, true);
    }

    String expand(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null && lenient) {
                value = matcher.group();
            } else if (value == null) {
                throw new UndefinedException("${" + matcher.group(1) + "} is not defined; add -D " + matcher.group(1)
                        + "=VALUE to the command" + (values.isEmpty() ? "" : "; defined are " + values.keySet()));
            }
            matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(expanded).toString();
    }

    /** A name without a value. */
    static final class UndefinedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UndefinedException(String message) {
            super(message);
        }
    }
}
