package org.hone.spark.recipe;

import org.hone.data.curation.SourceRole;
import org.hone.data.importer.Format;
import org.hone.data.importer.registry.Formats;
import org.jspecify.annotations.Nullable;

/**
 * One source of a team's data.
 *
 * @param name the source's name, which becomes part of every id
 * @param path a file, a folder or a pattern, as a Hadoop path
 * @param format what its records mean; null: told by the first records of each file
 * @param week the weekly batch of its rows, null if there is none
 * @param licence under which they may be used, null if not said
 * @param axis what its comparisons are about
 * @param origin who collected it
 * @param weight how often a demonstration or document is used
 */
public record DataSourceRecipe(
        String name,
        String path,
        @Nullable Format format,
        @Nullable Integer week,
        @Nullable String licence,
        SourceRole.Axis axis,
        SourceRole.Origin origin,
        double weight) {
    static DataSourceRecipe read(Section section) {
        return new DataSourceRecipe(
                SourceNames.read(section),
                section.path("path"),
                format(section),
                section.optionalInteger("week", 1, 10_000),
                section.optionalText("licence"),
                section.choice("axis", SourceRole.Axis.class, SourceRole.Axis.HELPFULNESS),
                section.choice("origin", SourceRole.Origin.class, SourceRole.Origin.OPEN_SOURCE),
                section.number("weight", 1, 0, 1_000));
    }

    static @Nullable Format format(Section section) {
        String name = SourceNames.format(section, MappingRecipe.FORMAT);
        boolean isMapped = MappingRecipe.FORMAT.equals(name);
        if (isMapped != section.has(MappingRecipe.FORMAT)) {
            section.refuse(
                    MappingRecipe.FORMAT,
                    "format: mapping and a section mapping belong together; got "
                            + (isMapped ? "no section" : "format: " + name));
        }
        if (section.has(MappingRecipe.FORMAT)) {
            return MappingRecipe.read(section.section(MappingRecipe.FORMAT));
        }
        return name == null || isMapped ? null : Formats.named(name);
    }
}
