package org.hone.spark.stage;

import java.util.Locale;
import org.hone.data.curation.SourceRole.Axis;

/** The two reward models by their names. */
public final class Axes {
    private Axes() {}

    /**
     * Spells an axis as folders and figures do.
     *
     * @param axis helpfulness or safety
     * @return its name in small letters
     */
    public static String name(Axis axis) {
        return axis.name().toLowerCase(Locale.ROOT);
    }
}
