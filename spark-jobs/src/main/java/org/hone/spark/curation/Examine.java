package org.hone.spark.curation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.curation.ExactHash;
import org.hone.data.curation.Finding;
import org.hone.data.curation.MinHash;
import org.hone.data.curation.NGrams;
import org.hone.data.curation.Passage;
import org.hone.data.curation.RowContent;
import org.hone.data.curation.RowRules;
import org.hone.data.curation.Shingles;
import org.hone.data.curation.SiteList;
import org.hone.data.curation.SourceRole;
import org.hone.spark.recipe.DecontaminationRecipe;
import org.hone.spark.recipe.NearDuplicatesRecipe;
import org.hone.spark.tokenise.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table → {@link Facts}, in one pass over the texts.
 *
 * @param table which table
 * @param rules the rules of one row
 * @param sites sites that documents may not be from
 * @param roles what every source is for, by its name
 * @param near near-duplicates
 * @param decontamination n-grams
 * @param evaluation hashes of the n-grams of the evaluation sets
 */
record Examine(
        CuratedTable table,
        RowRules rules,
        SiteList sites,
        Map<String, SourceRole> roles,
        NearDuplicatesRecipe near,
        DecontaminationRecipe decontamination,
        KnownKeys evaluation)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Task task = new Task(this);
        return Rows.map(rows, task::facts);
    }

    /** The buffers of one task. */
    private static final class Task {
        private final Examine examine;
        private final Shingles shingles;
        private final MinHash minHash;
        private final NGrams nGrams;
        private final LongPredicate evaluation;
        /** Keeps the bands of different tables apart. */
        private final long salt;

        Task(Examine examine) {
            this.examine = examine;
            this.salt = examine.table.text().hashCode() * 0x9E3779B97F4A7C15L;
            this.shingles = new Shingles(examine.near.shingleWords());
            this.minHash = new MinHash(examine.near.banding());
            this.evaluation = examine.evaluation.open();
            this.nGrams = new NGrams(examine.decontamination.words(), examine.decontamination.shortestWords());
        }

        private Row facts(Row row) {
            RowContent content = examine.table.content(row);
            SourceRole role = examine.roles.get(row.<String>getAs("source"));
            if (role == null) {
                throw new IllegalStateException("source " + row.getAs("source") + " has no role");
            }
            Optional<Finding> finding = examine.rules.check(content, examine.sites);
            boolean left = finding.isEmpty();
            ExactHash exact = content.exact();
            ExactHash either = examine.table == CuratedTable.PREFERENCES ? content.eitherWay() : exact;
            boolean whole = left && examine.near.dialogues();
            boolean asked = left && examine.near.prompts() && examine.table.hasResponses();
            return RowFactory.create(
                    row.getAs(Facts.KEY),
                    row.getAs(Facts.FINGERPRINT),
                    examine.table.text(),
                    row.getAs("id"),
                    row.getAs("source"),
                    row.getAs("week"),
                    row.getAs("content_hash"),
                    role.preference(),
                    role.weight(),
                    role.axis() == SourceRole.Axis.HELPFULNESS,
                    role.origin() == SourceRole.Origin.OWN,
                    content.characters(),
                    finding.map(found -> found.rule().text()).orElse(null),
                    finding.map(Finding::detail).orElse(null),
                    exact.high(),
                    exact.low(),
                    either.high(),
                    either.low(),
                    content.conversation().orElse(null),
                    whole ? set(content.passages()) : null,
                    asked ? set(content.prompt()) : null,
                    left ? suspects(content) : null);
        }

        /** Null for a text without words, which is like no other. */
        private @Nullable Row set(List<Passage> passages) {
            passages.forEach(shingles::add);
            long[] set = shingles.take();
            if (set.length == 0) {
                return null;
            }
            ExactHash hash = ExactHash.of(set);
            minHash.read(set);
            Long[] bands = Arrays.stream(minHash.bands())
                    .map(band -> band ^ salt)
                    .boxed()
                    .toArray(Long[]::new);
            return RowFactory.create(hash.high(), hash.low(), set.length, minHash.sketch(), bands);
        }

        private Long @Nullable [] suspects(RowContent content) {
            if (examine.evaluation.isEmpty()) {
                return null;
            }
            List<Long> suspects = new ArrayList<>();
            for (Passage passage : content.passages()) {
                nGrams.each(passage.text(), (hash, last) -> {
                    if (evaluation.test(hash)) {
                        suspects.add(hash);
                    }
                });
            }
            return suspects.isEmpty() ? null : suspects.toArray(Long[]::new);
        }
    }
}
