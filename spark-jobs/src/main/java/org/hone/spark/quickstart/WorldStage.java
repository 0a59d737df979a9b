package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.hone.data.world.World;
import org.hone.spark.run.StageReport;
import org.hone.spark.session.Together;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;
import org.hone.spark.tokenise.Rows;

/** Writes the small world down: documents for the base model, and rated, noisy preferences. */
public final class WorldStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "world";
    /** Comparisons of answers to harmless questions, in the preference table's own schema. */
    static final Table HELPFULNESS = new Table(NAME + "/helpfulness", PreferenceTable.SCHEMA);
    /** Comparisons of answers to risky ones. */
    static final Table SAFETY = new Table(NAME + "/safety", PreferenceTable.SCHEMA);

    static final StructType DOCUMENT =
            new StructType().add("id", DataTypes.StringType, false).add("text", DataTypes.StringType, false);
    static final Table DOCUMENTS = new Table(NAME + "/documents", DOCUMENT);

    private static final int PARTITIONS = 8;

    private final WorldSize size;

    /**
     * The stage for a world.
     *
     * @param size how large the world is
     */
    public WorldStage(WorldSize size) {
        this.size = size;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        long seed = context.recipe().seed();
        Dataset<Row> preferences = made(context, size.preferences(), PreferenceTable.SCHEMA, new Preferences(seed))
                .persist(StorageLevel.DISK_ONLY());
        Together.run(
                () -> made(context, size.documents(), DOCUMENTS.schema(), new Documents(seed))
                        .write()
                        .parquet(context.path(DOCUMENTS)),
                () -> byAxis(context, preferences, HELPFULNESS, SAFETY));
        preferences.unpersist();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("documents", size.documents());
        figures.put("preferences", size.preferences());
        return new StageReport(figures);
    }

    private static Dataset<Row> made(
            StageContext context, long rows, StructType schema, MapPartitionsFunction<Long, Row> writer) {
        return context.spark().range(0, rows, 1, PARTITIONS).mapPartitions(writer, Encoders.row(schema));
    }

    /** Only answers to risky questions were asked about safety. */
    static void byAxis(StageContext context, Dataset<Row> preferences, Table helpfulness, Table safety)
            throws IOException {
        Together.run(
                () -> preferences.filter("safety_bin is null").write().parquet(context.path(helpfulness)),
                () -> preferences.filter("safety_bin is not null").write().parquet(context.path(safety)));
    }

    /** Rows of one world, made once a partition. */
    private record Documents(long seed) implements MapPartitionsFunction<Long, Row> {
        @Override
        public Iterator<Row> call(Iterator<Long> indices) {
            World world = SmallWorld.of(seed);
            return Rows.map(
                    indices,
                    index -> RowFactory.create(
                            "document-" + index, world.document(index).text()));
        }
    }

    private record Preferences(long seed) implements MapPartitionsFunction<Long, Row> {
        @Override
        public Iterator<Row> call(Iterator<Long> indices) {
            World world = SmallWorld.of(seed);
            return Rows.map(indices, index -> PreferenceTable.row(world.preference(index)));
        }
    }
}
