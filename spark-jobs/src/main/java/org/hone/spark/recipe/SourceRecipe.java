package org.hone.spark.recipe;

import org.jspecify.annotations.Nullable;

/**
 * A preference data set to import.
 *
 * @param name the name that every row keeps as its source
 * @param path a file, folder or glob, as a Hadoop path
 * @param format how the files are written
 * @param fineTuningTarget whether the chosen responses may be imitated; harmlessness sets may not
 * @param week the weekly batch that the rows belong to, null if not known
 */
public record SourceRecipe(
        String name,
        String path,
        Format format,
        boolean fineTuningTarget,
        @Nullable Integer week) {
    /** The formats that preferences are read from. */
    public enum Format {
        /** Anthropic HH-RLHF: JSON lines with {@code chosen} and {@code rejected}, plain or gzip. */
        HH_RLHF,
        /** Hone's own preference table: Parquet with the schema that the import writes. */
        PARQUET
    }

    static SourceRecipe read(Section section) {
        return new SourceRecipe(
                section.text("name"),
                section.path("path"),
                section.choice("format", Format.class, Format.HH_RLHF),
                section.flag("fine-tuning-target", false),
                section.optionalInteger("week", 1, 10_000));
    }
}
