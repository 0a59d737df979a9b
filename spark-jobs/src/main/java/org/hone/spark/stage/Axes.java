package org.hone.spark.stage;

import java.util.Locale;
import org.hone.data.curation.SourceRole.Axis;

/** The two reward models by their names. */
final class Axes {
    private Axes() {}

    /** The axis as folders and figures spell it. */
    static String name(Axis axis) {
        return axis.name().toLowerCase(Locale.ROOT);
    }
}
