package org.hone.spark.recipe;

import org.hone.data.curation.SourceRole;
import org.jspecify.annotations.Nullable;

/**
 * One source of preference data for a round.
 *
 * @param name the source's name, which becomes part of every id
 * @param path a file, a folder or a pattern, as a Hadoop path
 * @param format what its records mean, or that it is a table; null: told by the first records of each file
 * @param fineTuningTarget whether its chosen responses are imitated by supervised fine-tuning
 * @param week the weekly batch of its rows, null if there is none
 * @param axis what its comparisons are about, which decides the reward model that they belong to
 * @param fromRound the first round that learns from it; later rounds do too
 */
public record SourceRecipe(
        String name,
        String path,
        @Nullable String format,
        boolean fineTuningTarget,
        @Nullable Integer week,
        SourceRole.Axis axis,
        int fromRound) {
    /** A table with the columns of Hone's preferences, as plain Parquet. */
    public static final String PARQUET = "parquet";
    /** A table with the columns of Hone's preferences, in Delta Lake. */
    public static final String DELTA = "delta";

    static SourceRecipe read(Section section) {
        return new SourceRecipe(
                SourceNames.read(section),
                section.path("path"),
                SourceNames.format(section, PARQUET, DELTA),
                section.flag("fine-tuning-target", false),
                section.optionalInteger("week", 1, 10_000),
                section.choice("axis", SourceRole.Axis.class, SourceRole.Axis.HELPFULNESS),
                section.integer("from-round", 1, 1, 1_000));
    }

    /**
     * Whether the source is a table of Hone's, not raw files.
     *
     * @return true for {@link #PARQUET} and {@link #DELTA}
     */
    public boolean isTable() {
        return PARQUET.equals(format) || DELTA.equals(format);
    }
}
