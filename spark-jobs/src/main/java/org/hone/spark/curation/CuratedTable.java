package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.hone.data.curation.Passage;
import org.hone.data.curation.RowContent;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/** The tables that are curated, and where their texts are. */
public enum CuratedTable {
    /** Comparisons. */
    PREFERENCES,
    /** Demonstrations. */
    SFT,
    /** Prompts. */
    PROMPTS,
    /** Documents. */
    DOCUMENTS;

    /**
     * Its name in {@link org.hone.spark.table.RemovedTable} and in counts.
     *
     * @return lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CuratedTable of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Whether a row is more than its prompt. */
    boolean hasResponses() {
        return this == PREFERENCES || this == SFT;
    }

    /** Whether the sources' weights apply; comparisons are weighed by the mixtures. */
    boolean isWeighted() {
        return this == SFT || this == DOCUMENTS;
    }

    RowContent content(Row row) {
        return switch (this) {
            case PREFERENCES ->
                new RowContent(
                        List.copyOf(dialogue(
                                row,
                                new Passage(Passage.Kind.CHOSEN, row.getAs("chosen")),
                                new Passage(Passage.Kind.REJECTED, row.getAs("rejected")))),
                        bin(row.getAs("safety_bin")),
                        null);
            case SFT ->
                new RowContent(dialogue(row, new Passage(Passage.Kind.RESPONSE, row.getAs("response"))), null, null);
            case PROMPTS -> new RowContent(dialogue(row), null, null);
            case DOCUMENTS ->
                new RowContent(List.of(new Passage(Passage.Kind.DOCUMENT, row.getAs("text"))), null, row.getAs("url"));
        };
    }

    private static List<Passage> dialogue(Row row, Passage... responses) {
        List<Passage> passages = new ArrayList<>();
        for (Row turn : row.<Row>getList(row.fieldIndex("prompt"))) {
            passages.add(new Passage(Passage.Kind.valueOf(turn.getString(0)), turn.getString(1)));
        }
        passages.addAll(List.of(responses));
        return passages;
    }

    private static @Nullable SafetyBin bin(@Nullable String name) {
        return name == null ? null : SafetyBin.valueOf(name);
    }
}
