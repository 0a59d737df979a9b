package org.hone.spark.curation;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.hone.data.curation.Passage;
import org.hone.data.curation.RowContent;
import org.hone.data.curation.Shingles;

/**
 * Makes the set of shingles of a row again.
 *
 * @param table which table the row is of
 * @param promptOnly whether the responses are left out
 * @param width words in a shingle
 */
record ShingleReader(CuratedTable table, boolean promptOnly, int width) implements Serializable {
    long[] read(Row row) {
        RowContent content = table.content(row);
        List<Passage> passages = promptOnly ? content.prompt() : content.passages();
        Shingles shingles = new Shingles(width);
        passages.forEach(shingles::add);
        return shingles.take();
    }
}
