package org.hone.spark.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.data.audit.Rule;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.table.Columns;

/**
 * Every row through tokenizer, template and mask before any training. Each row of each table is encoded on the executors
 * as the shards are, and checked; shards that exist are read as ranks read them. To the driver come
 * counts and the few rows that are shown.
 */
public final class Audit {
    private final SparkSession spark;
    private final AuditInput input;

    private Audit(SparkSession spark, AuditInput input) {
        this.spark = spark;
        this.input = input;
    }

    /**
     * Audits tables and shards.
     *
     * @param spark the session
     * @param input what is audited
     * @return what was found; the same for any partitions
     * @throws IOException if the tokenizer cannot be read
     */
    public static AuditReport run(SparkSession spark, AuditInput input) throws IOException {
        return new Audit(spark, input).report();
    }

    private AuditReport report() throws IOException {
        Dataset<Row> verdicts = spark.createDataFrame(List.of(), Verdicts.SCHEMA);
        for (AuditInput.Table table : input.tables()) {
            verdicts = verdicts.union(table.rows()
                    .mapPartitions(
                            new AuditTable(input.encoding(), table.name(), table.content(), input.responseTokens()),
                            Encoders.row(Verdicts.SCHEMA)));
        }
        List<String> problems = new ArrayList<>();
        for (String folder : input.shards()) {
            ShardAudit.Found found = new ShardAudit(spark, input.encoding()).audit(folder);
            problems.addAll(found.problems());
            verdicts = verdicts.union(found.verdicts());
        }
        verdicts = verdicts.persist(StorageLevel.DISK_ONLY());
        try {
            List<AuditReport.Counts> counts = counts(verdicts);
            if (problems.isEmpty()) {
                problems.addAll(recounted(counts));
            }
            problems.addAll(0, input.stale());
            List<AuditReport.Violation> violations = violations(verdicts);
            return new AuditReport(
                    input.encoding().identity(),
                    input.settings(),
                    counts,
                    violations,
                    previews(verdicts, violations),
                    problems);
        } finally {
            verdicts.unpersist();
        }
    }

    private static List<AuditReport.Counts> counts(Dataset<Row> verdicts) {
        List<Column> sums = new ArrayList<>();
        sums.add(functions.expr("sum(cast(tokens as bigint)) as tokens"));
        sums.add(functions.expr("sum(cast(trained as bigint)) as trained"));
        sums.add(functions.expr("count_if(truncated) as truncated"));
        for (Rule rule : Rule.values()) {
            sums.add(functions.expr("count_if(array_contains(rules, '" + rule + "')) as " + rule));
        }
        List<AuditReport.Counts> counts = new ArrayList<>();
        // a verdict on the length of a packed row is about no example of its own
        for (Row row : verdicts.groupBy("table", "source")
                .agg(functions.expr("count_if(part <> 'row') as rows"), sums.toArray(Column[]::new))
                .orderBy("table", "source")
                .collectAsList()) {
            Map<Rule, Long> broken = new EnumMap<>(Rule.class);
            for (Rule rule : Rule.values()) {
                long rows = row.<Long>getAs(rule.name());
                if (rows > 0) {
                    broken.put(rule, rows);
                }
            }
            counts.add(new AuditReport.Counts(
                    row.getAs("table"),
                    row.getAs("source"),
                    row.<Long>getAs("rows"),
                    row.<Long>getAs("tokens"),
                    row.<Long>getAs("trained"),
                    row.<Long>getAs("truncated"),
                    broken));
        }
        return counts;
    }

    private List<String> recounted(List<AuditReport.Counts> counts) throws IOException {
        List<String> problems = new ArrayList<>();
        for (String folder : input.shards()) {
            ShardManifest manifest =
                    ShardManifest.read(new Storage(input.encoding().hadoop().value()), folder);
            for (AuditReport.Counts source : counts) {
                if (source.table().equals(folder)) {
                    problems.addAll(ShardAudit.recount(folder, manifest, source));
                }
            }
        }
        return problems;
    }

    private List<AuditReport.Violation> violations(Dataset<Row> verdicts) {
        var order = Window.partitionBy("rule").orderBy("table", "id", "part");
        return verdicts
                .withColumn("rule", functions.explode(functions.col("rules")))
                .withColumn("place", functions.row_number().over(order))
                .filter(functions.col("place").leq(input.settings().violationsShown()))
                .orderBy("rule", "place")
                .select("rule", "table", "source", "id", "part")
                .collectAsList()
                .stream()
                .map(row -> new AuditReport.Violation(
                        Rule.valueOf(row.getString(0)),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4)))
                .sorted(Comparator.comparing(AuditReport.Violation::rule))
                .toList();
    }

    /** The first row that breaks each rule, then rows by a hash of the seed and the id. */
    private List<AuditReport.Preview> previews(Dataset<Row> verdicts, List<AuditReport.Violation> violations) {
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        Set<Rule> shown = new HashSet<>();
        for (AuditReport.Violation violation : violations) {
            if (shown.add(violation.rule())) {
                want(keys, violation.table(), violation.id(), violation.part());
            }
        }
        verdicts.orderBy(
                        Columns.shuffled(input.settings().seed(), "id"),
                        functions.col("id"),
                        functions.col("table"),
                        functions.col("part"))
                .limit(input.settings().previewRows())
                .select("table", "id", "part")
                .collectAsList()
                .forEach((Row row) -> want(keys, row.getString(0), row.getString(1), row.getString(2)));
        List<AuditReport.Preview> previews = new ArrayList<>();
        for (AuditInput.Table table : input.tables()) {
            Set<String> wanted = keys.getOrDefault(table.name(), Set.of());
            if (!wanted.isEmpty()) {
                previews.addAll(decoded(table, wanted));
            }
        }
        return previews;
    }

    private static void want(Map<String, Set<String>> keys, String table, String id, String part) {
        keys.computeIfAbsent(table, name -> new LinkedHashSet<>()).add(PreviewRows.key(id, part));
    }

    private List<AuditReport.Preview> decoded(AuditInput.Table table, Set<String> wanted) {
        Object[] ids = wanted.stream()
                .map(key -> key.substring(0, key.lastIndexOf('/')))
                .distinct()
                .toArray();
        Map<String, AuditReport.Preview> byKey = new LinkedHashMap<>();
        table.rows()
                .filter(functions.col("id").isin(ids))
                .mapPartitions(
                        new PreviewRows(
                                input.encoding(),
                                table.name(),
                                table.content(),
                                input.responseTokens(),
                                new HashSet<>(wanted)),
                        Encoders.STRING())
                .collectAsList()
                .forEach(json -> {
                    AuditReport.Preview preview = PreviewRows.parse(json);
                    byKey.put(PreviewRows.key(preview.id(), preview.part()), preview);
                });
        return wanted.stream().filter(byKey::containsKey).map(byKey::get).toList();
    }
}
