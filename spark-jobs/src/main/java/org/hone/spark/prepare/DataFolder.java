package org.hone.spark.prepare;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.run.Storage;
import org.hone.spark.table.Table;
import org.hone.spark.table.TableStore;

/** Where the tables of a team's data are kept, week after week. */
public final class DataFolder {
    /** Folder of the imported tables. */
    static final String TABLES = "tables/";
    /** Folder of the curated tables. */
    static final String CURATED = "curated/";

    private final SparkSession spark;
    private final Storage storage;
    private final TableStore store;
    private final String root;

    private DataFolder(SparkSession spark, Storage storage, TableStore store, String root) {
        this.spark = spark;
        this.storage = storage;
        this.store = store;
        this.root = root;
    }

    /**
     * Opens a folder; it need not exist.
     *
     * @param spark the session
     * @param root the folder (file:, hdfs:, s3a:)
     * @param format how its tables are kept
     * @return the folder
     * @throws IOException if the file system is not known
     */
    public static DataFolder open(SparkSession spark, String root, TableFormat format) throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        return new DataFolder(spark, storage, TableStore.of(format, spark), storage.qualified(root));
    }

    /**
     * The session.
     *
     * @return the session
     */
    public SparkSession spark() {
        return spark;
    }

    /**
     * The file systems.
     *
     * @return the storage
     */
    public Storage storage() {
        return storage;
    }

    /**
     * How tables are kept.
     *
     * @return the store
     */
    public TableStore store() {
        return store;
    }

    /**
     * The path of something in the folder.
     *
     * @param name its name below the folder
     * @return the Hadoop path
     */
    public String path(String name) {
        return root + "/" + name;
    }

    /**
     * The newest state of an imported table.
     *
     * @param table the table
     * @return its rows, none if nothing was imported into it
     * @throws IOException if the folder cannot be looked at
     */
    public Dataset<Row> imported(Table table) throws IOException {
        return read(TABLES + table.name(), table.schema());
    }

    /**
     * The newest state of a table.
     *
     * @param name its folder below this one
     * @param schema its columns
     * @return its rows, none if it was never written
     * @throws IOException if the folder cannot be looked at
     */
    public Dataset<Row> read(String name, StructType schema) throws IOException {
        return store.read(path(name), schema, null);
    }
}
