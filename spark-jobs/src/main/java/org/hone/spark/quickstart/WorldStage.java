package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.world.World;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;
import org.hone.spark.tokenise.Rows;

/** Writes the small world down: documents for the base model, and rated, noisy preferences. */
public final class WorldStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "world";
    /** Comparisons, in the preference table's own schema. */
    public static final Table PREFERENCES = new Table(NAME + "/preferences", PreferenceTable.SCHEMA);

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
        written(context, size.documents(), DOCUMENTS, new Documents(seed));
        written(context, size.preferences(), PREFERENCES, new Preferences(seed));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("documents", size.documents());
        figures.put("preferences", size.preferences());
        return new StageReport(figures);
    }

    private static void written(StageContext context, long rows, Table table, MapPartitionsFunction<Long, Row> writer) {
        context.spark()
                .range(0, rows, 1, PARTITIONS)
                .mapPartitions(writer, Encoders.row(table.schema()))
                .write()
                .parquet(context.path(table));
    }

    /** Rows of one world, made once a partition. */
    private record Documents(long seed) implements MapPartitionsFunction<Long, Row> {
        @Override
        public Iterator<Row> call(Iterator<Long> indices) {
            World world = new World(seed);
            return Rows.map(
                    indices,
                    index -> RowFactory.create(
                            "document-" + index, world.document(index).text()));
        }
    }

    private record Preferences(long seed) implements MapPartitionsFunction<Long, Row> {
        @Override
        public Iterator<Row> call(Iterator<Long> indices) {
            World world = new World(seed);
            return Rows.map(indices, index -> PreferenceTable.row(world.preference(index)));
        }
    }
}
