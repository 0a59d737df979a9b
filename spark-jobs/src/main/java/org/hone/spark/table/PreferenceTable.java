package org.hone.spark.table;

import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/** The preferences table (recipe section 5): one row a human comparison; what the source does not say is null. */
public final class PreferenceTable {
    /** Its columns. */
    public static final StructType SCHEMA = new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.dialogue("prompt"),
        Columns.required("chosen", DataTypes.StringType),
        Columns.required("rejected", DataTypes.StringType),
        Columns.optional("rating", DataTypes.StringType),
        Columns.optional("safety_bin", DataTypes.StringType),
        Columns.optional("margin", DataTypes.FloatType),
        Columns.required("source", DataTypes.StringType),
        Columns.optional("week", DataTypes.IntegerType),
        Columns.optional("annotator", DataTypes.StringType)
    });

    private PreferenceTable() {}

    /**
     * A comparison as a row.
     *
     * @param pair the comparison
     * @return the row, with {@link #SCHEMA}
     */
    public static Row row(PreferencePair pair) {
        return RowFactory.create(
                pair.id(),
                Columns.turns(pair.prompt()),
                pair.chosen(),
                pair.rejected(),
                name(pair.rating()),
                name(pair.safetyBin()),
                pair.margin(),
                pair.source(),
                pair.week(),
                pair.annotator());
    }

    /**
     * A row as a comparison.
     *
     * @param row a row that has at least the columns of {@link #SCHEMA}
     * @return the comparison
     */
    public static PreferencePair pair(Row row) {
        return new PreferencePair(
                row.getAs("id"),
                Columns.dialogue(row, "prompt"),
                row.getAs("chosen"),
                row.getAs("rejected"),
                Optional.ofNullable(row.<String>getAs("rating"))
                        .map(Rating::valueOf)
                        .orElse(null),
                Optional.ofNullable(row.<String>getAs("safety_bin"))
                        .map(SafetyBin::valueOf)
                        .orElse(null),
                row.<Float>getAs("margin"),
                row.getAs("source"),
                row.<Integer>getAs("week"),
                row.<String>getAs("annotator"));
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
