package org.hone.spark.importer;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.ContentHash;
import org.hone.data.importer.Imported;
import org.hone.data.preference.PreferencePair;
import org.hone.data.prompt.TaggedPrompt;
import org.hone.data.sft.Demonstration;
import org.hone.data.text.TextDocument;
import org.hone.spark.table.Columns;
import org.hone.spark.table.DataTables;
import org.jspecify.annotations.Nullable;

/** One row of {@link Landing}, column by column. */
final class LandingRow {
    private final Object[] values = new Object[Landing.SCHEMA.length()];

    private LandingRow(String table, ImportSource source) {
        set(Landing.TABLE, table);
        set("source", source.name());
        set("week", source.week());
        set("licence", source.licence());
    }

    /** A row of what a record became. */
    static Row of(Imported imported, ImportSource source, Lineage at, String raw) {
        if (imported instanceof Imported.Preference preference) {
            return preference(preference.pair(), source, at);
        }
        if (imported instanceof Imported.Example example) {
            return demonstration(example.demonstration(), source, at);
        }
        if (imported instanceof Imported.Prompt prompt) {
            return prompt(prompt.prompt(), source, at);
        }
        if (imported instanceof Imported.Document document) {
            return document(document.document(), source, at);
        }
        if (imported instanceof Imported.Graded graded) {
            return graded(graded, source, at, raw);
        }
        Imported.Refused refused = (Imported.Refused) imported;
        return refused(refused.reason().name(), refused.detail(), source, at, raw);
    }

    /** How many records a chunk held. */
    static Row counted(ImportSource source, Lineage at) {
        return new LandingRow(Landing.COUNTED, source).at(at).row();
    }

    /** A response that is part of pairs that stand elsewhere. */
    static Row paired(ImportSource source, Lineage at) {
        return new LandingRow(Landing.PAIRED, source).at(at).row();
    }

    static Row refused(String reason, String detail, ImportSource source, Lineage at, String raw) {
        return new LandingRow(DataTables.QUARANTINE.name(), source)
                .set("reason", reason)
                .set("detail", detail)
                .set("raw", raw)
                .at(at)
                .row();
    }

    private static Row preference(PreferencePair pair, ImportSource source, Lineage at) {
        String content = ContentHash.start()
                .add(pair.prompt())
                .add(pair.chosen())
                .add(pair.rejected())
                .hex();
        return new LandingRow(DataTables.PREFERENCES.name(), source)
                .set("id", pair.id())
                .set("prompt", Columns.turns(pair.prompt()))
                .set("chosen", pair.chosen())
                .set("rejected", pair.rejected())
                .set("rating", name(pair.rating()))
                .set("safety_bin", name(pair.safetyBin()))
                .set("margin", pair.margin())
                .set("annotator", pair.annotator())
                .set("content_hash", content)
                .at(at)
                .row();
    }

    private static Row demonstration(Demonstration example, ImportSource source, Lineage at) {
        ContentHash content = ContentHash.start().add(example.prompt()).add(example.response());
        ContentHash id = ContentHash.start()
                .add(source.name())
                .add(DataTables.SFT.name())
                .add(example.prompt())
                .add(example.response());
        return new LandingRow(DataTables.SFT.name(), source)
                .set("id", id.hex())
                .set("prompt", Columns.turns(example.prompt()))
                .set("response", example.response())
                .set("category", example.category())
                .set("content_hash", content.hex())
                .at(at)
                .row();
    }

    private static Row prompt(TaggedPrompt prompt, ImportSource source, Lineage at) {
        ContentHash id = ContentHash.start()
                .add(source.name())
                .add(DataTables.PROMPTS.name())
                .add(prompt.prompt());
        return new LandingRow(DataTables.PROMPTS.name(), source)
                .set("id", id.hex())
                .set("prompt", Columns.turns(prompt.prompt()))
                .set("unsafe", prompt.unsafe())
                .set("risk_category", name(prompt.risk()))
                .set("category", prompt.category())
                .set("attack_vector", name(prompt.attack()))
                .set("content_hash", ContentHash.start().add(prompt.prompt()).hex())
                .at(at)
                .row();
    }

    private static Row document(TextDocument document, ImportSource source, Lineage at) {
        ContentHash id = ContentHash.start()
                .add(source.name())
                .add(DataTables.DOCUMENTS.name())
                .add(document.text());
        return new LandingRow(DataTables.DOCUMENTS.name(), source)
                .set("id", id.hex())
                .set("text", document.text())
                .set("url", document.url())
                .set("content_hash", ContentHash.start().add(document.text()).hex())
                .at(at)
                .row();
    }

    private static Row graded(Imported.Graded graded, ImportSource source, Lineage at, String raw) {
        return new LandingRow(Landing.GRADED, source)
                .set("compare_group", graded.group())
                .set("prompt", Columns.turns(graded.prompt()))
                .set("response", graded.response())
                .set("grade", graded.grade())
                .set("unsafe", graded.unsafe())
                .set("annotator", graded.annotator())
                .set("raw", raw)
                .at(at)
                .row();
    }

    private LandingRow at(Lineage at) {
        set("file", at.file());
        set("record", at.record());
        set("part", at.part());
        return set("origin", RowFactory.create(at.file(), at.record(), at.part(), at.format()));
    }

    private LandingRow set(String column, @Nullable Object value) {
        values[Landing.SCHEMA.fieldIndex(column)] = value;
        return this;
    }

    private Row row() {
        return RowFactory.create(values);
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
