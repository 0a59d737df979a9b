package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.preference.Margin;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.SafetyBin;
import org.hone.data.template.EncodedExample;
import org.hone.data.template.EncodedPair;
import org.hone.data.template.ExampleEncoder;
import org.hone.spark.table.Columns;
import org.hone.spark.table.PreferenceTable;
import org.jspecify.annotations.Nullable;

/**
 * Preferences → {@link org.hone.spark.table.TokenTables#PAIRS}.
 *
 * @param encoding the run's encoding
 * @param split the run's split
 * @param margin m(r)
 */
public record TokenisePairs(Encoding encoding, Split split, Margin margin)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        ExampleEncoder encoder = encoding.encoder();
        return Rows.map(rows, row -> {
            PreferencePair pair = PreferenceTable.pair(row);
            EncodedPair encoded = encoder.encode(pair);
            return RowFactory.create(
                    pair.id(),
                    Columns.boxed(encoded.prompt()),
                    Columns.boxed(encoded.chosen().response()),
                    Columns.boxed(encoded.rejected().response()),
                    margin.of(pair),
                    safe(pair, SafetyBin::chosenSafe),
                    safe(pair, SafetyBin::otherSafe),
                    Optional.ofNullable(pair.rating()).map(Enum::name).orElse(null),
                    pair.source(),
                    pair.chosen().length(),
                    pair.rejected().length(),
                    dropped(encoded.chosen()) + dropped(encoded.rejected()),
                    split.isHeldOut(pair.prompt()));
        });
    }

    private static @Nullable Boolean safe(PreferencePair pair, Predicate<SafetyBin> response) {
        return pair.safetyBin() == null ? null : response.test(pair.safetyBin());
    }

    private static int dropped(EncodedExample example) {
        return example.droppedPromptTokens() + example.droppedResponseTokens();
    }
}
