package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.run.Storage;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.TableSource;

/**
 * Candidates in several tables: those of rounds, or of sampling by itself.
 *
 * @param tables the tables, at least one
 */
public record CandidateTables(List<TableSource> tables) {
    /**
     * Looks at tables.
     *
     * @param spark the session
     * @param folders their folders (file:, hdfs:, s3a:, or local paths)
     * @return the tables
     * @throws IOException if a folder cannot be looked at
     * @throws IllegalArgumentException if there is nothing in one
     */
    public static CandidateTables of(SparkSession spark, List<String> folders) throws IOException {
        List<TableSource> tables = new ArrayList<>();
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        for (String folder : folders) {
            tables.add(TableSource.of(
                    spark,
                    "candidates",
                    storage.qualified(folder),
                    "give a table of hone sample, such as RUN/v1/sample/candidates"));
        }
        return new CandidateTables(List.copyOf(tables));
    }

    /** Their folders and states. */
    Map<String, Object> resolved() {
        Map<String, Object> states = new LinkedHashMap<>();
        tables.forEach(table -> states.put(table.folder(), table.state()));
        return states;
    }

    /** All candidates; one that stands in several tables counts once. */
    Dataset<Row> read(SparkSession spark) throws IOException {
        Dataset<Row> all = spark.createDataFrame(List.of(), CandidateTable.CANDIDATES);
        for (TableSource table : tables) {
            all = all.unionByName(table.read(spark, CandidateTable.CANDIDATES));
        }
        Dataset<Row> once = all.dropDuplicates("id");
        if (once.isEmpty()) {
            throw new IllegalArgumentException(resolved().keySet() + ": hold no candidates");
        }
        return once;
    }
}
