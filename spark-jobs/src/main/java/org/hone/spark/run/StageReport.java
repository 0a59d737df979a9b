package org.hone.spark.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stage found and made, as it stands in the stage's marker and in the round's summary.
 *
 * @param figures value by name, in the order in which they are shown
 */
public record StageReport(Map<String, Object> figures) {
    /**
     * Keeps an ordered copy.
     *
     * @param figures value by name
     */
    public StageReport {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /**
     * A figure as a number.
     *
     * @param name its name
     * @return its value
     * @throws IllegalArgumentException if the stage did not report it
     */
    public double number(String name) {
        if (figures.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(
                "the stage reported no number " + name + "; it reported " + figures.keySet());
    }

    /**
     * A figure that is a text.
     *
     * @param name its name
     * @return its value
     * @throws IllegalArgumentException if the stage did not report it
     */
    public String text(String name) {
        if (figures.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the stage reported no text " + name + "; it reported " + figures.keySet());
    }
}
