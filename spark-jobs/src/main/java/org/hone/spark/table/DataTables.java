package org.hone.spark.table;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The tables that raw files are imported into. Every row has a stable id, its source, licence and week, a hash
 * of its content that is the same in every source, and its lineage: file, record, and place within the record.
 */
public final class DataTables {
    /** Lineage: which record of which file a row came from, which of the record's rows it is, and what read it. */
    public static final StructType ORIGIN = new StructType(new StructField[] {
        Columns.required("file", DataTypes.StringType),
        Columns.required("record", DataTypes.LongType),
        Columns.required("part", DataTypes.IntegerType),
        Columns.required("format", DataTypes.StringType)
    });

    /** Comparisons: the columns of {@link PreferenceTable}, then provenance. */
    public static final Table PREFERENCES = new Table("preferences", provenance(PreferenceTable.SCHEMA));

    /** Demonstrations. */
    public static final Table SFT = new Table("sft", provenance(new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.dialogue("prompt"),
        Columns.required("response", DataTypes.StringType),
        Columns.optional("category", DataTypes.StringType),
        Columns.required("source", DataTypes.StringType),
        Columns.optional("week", DataTypes.IntegerType)
    })));

    /** Prompts without an answer. */
    public static final Table PROMPTS = new Table("prompts", provenance(new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.dialogue("prompt"),
        Columns.optional("unsafe", DataTypes.BooleanType),
        Columns.optional("risk_category", DataTypes.StringType),
        Columns.optional("category", DataTypes.StringType),
        Columns.optional("attack_vector", DataTypes.StringType),
        Columns.required("source", DataTypes.StringType),
        Columns.optional("week", DataTypes.IntegerType)
    })));

    /** What tables have that can be answered: prompts, comparisons, demonstrations. Only the first say what may be unsafe. */
    public static final StructType ANY_PROMPTS = new StructType(
            new StructField[] {Columns.dialogue("prompt"), Columns.optional("unsafe", DataTypes.BooleanType)});

    /** Text to pretrain on. */
    public static final Table DOCUMENTS = new Table("documents", provenance(new StructType(new StructField[] {
        Columns.required("id", DataTypes.StringType),
        Columns.required("text", DataTypes.StringType),
        Columns.optional("url", DataTypes.StringType),
        Columns.required("source", DataTypes.StringType),
        Columns.optional("week", DataTypes.IntegerType)
    })));

    /** What was refused: where it stood, why, and what it was. */
    public static final Table QUARANTINE = new Table("quarantine", new StructType(new StructField[] {
        Columns.required("source", DataTypes.StringType),
        Columns.optional("week", DataTypes.IntegerType),
        Columns.required("file", DataTypes.StringType),
        Columns.required("record", DataTypes.LongType),
        Columns.required("part", DataTypes.IntegerType),
        Columns.required("reason", DataTypes.StringType),
        Columns.optional("detail", DataTypes.StringType),
        Columns.optional("raw", DataTypes.StringType)
    }));

    /** The tables that a row can become part of, in the order in which reports name them. */
    public static final List<Table> ALL = List.of(PREFERENCES, SFT, PROMPTS, DOCUMENTS);

    /** The same, and the one for rows that became part of none. */
    public static final List<Table> WITH_QUARANTINE = List.of(PREFERENCES, SFT, PROMPTS, DOCUMENTS, QUARANTINE);

    private DataTables() {}

    private static StructType provenance(StructType content) {
        return content.add(Columns.optional("licence", DataTypes.StringType))
                .add(Columns.required("content_hash", DataTypes.StringType))
                .add(DataTypes.createStructField("origin", ORIGIN, false));
    }
}
