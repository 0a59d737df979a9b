package org.hone.spark.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.data.importer.mapping.ColumnMapping;
import org.hone.data.importer.mapping.MappingKind;
import org.jspecify.annotations.Nullable;

/** A format that a recipe declares: which column of a file holds what. */
final class MappingRecipe {
    /** The name of such a format. */
    static final String FORMAT = "mapping";

    private MappingRecipe() {}

    static @Nullable ColumnMapping read(Section section) {
        MappingKind kind = section.choice("kind", MappingKind.class, MappingKind.PREFERENCE);
        Map<String, String> columns = section.named("columns");
        Map<String, Map<String, String>> values = new LinkedHashMap<>();
        Section translations = section.section("values");
        for (String target : translations.keys()) {
            values.put(target, translations.named(target));
        }
        try {
            return new ColumnMapping(kind, columns, values);
        } catch (IllegalArgumentException e) {
            section.refuse("columns", String.valueOf(e.getMessage()));
            return null;
        }
    }
}
