package org.hone.spark.training;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.spark.executor.LocalOutput;
import org.hone.spark.recipe.ModelRecipe;
import org.hone.spark.run.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fresh model that pretraining starts from (recipe section 3). One executor makes it, since a driver may be a small
 * machine; its weights are never in a Java heap. A file beside the folder is written last, and a folder without it is
 * written again: the seed gives the same weights.
 */
public final class InitialModel {
    private static final Logger LOG = LoggerFactory.getLogger(InitialModel.class);

    private static final String FOLDER = "initial";
    private static final String MARKER = "initial.json";

    /** What is kept of it in a stage's folder when the stage goes on. */
    public static final List<String> FILES = List.of(FOLDER, MARKER);

    private InitialModel() {}

    /**
     * Where a stage's initial model is.
     *
     * @param stage the stage's folder
     * @return the Hugging Face folder
     */
    public static String folder(String stage) {
        return stage + "/" + FOLDER;
    }

    /**
     * Writes the initial model of a stage, unless it is there whole.
     *
     * @param spark the session
     * @param stage the stage's folder, as a Hadoop path
     * @param model its shape
     * @param pieces of the tokenizer
     * @param seed of the run
     * @return the Hugging Face folder
     * @throws IOException if the storage cannot be read or written
     */
    public static String write(SparkSession spark, String stage, ModelRecipe model, int pieces, long seed)
            throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        String marker = stage + "/" + MARKER;
        if (!storage.exists(marker)) {
            LlamaConfig config = model.config(pieces);
            LOG.info("writing a fresh model: {}", config);
            Writing writing = new Writing(
                    model,
                    pieces,
                    Seeds.mix(seed, Seeds.hash("initial weights")),
                    folder(stage),
                    new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(List.of(0), 1)
                    .foreach(writing);
            storage.writeText(marker, "{\"seed\": " + seed + "}\n");
        }
        return folder(stage);
    }

    private record Writing(ModelRecipe model, int pieces, long seed, String folder, SerializableConfiguration hadoop)
            implements VoidFunction<Integer>, Serializable {
        @Override
        public void call(Integer task) throws IOException {
            LocalOutput output = LocalOutput.open(folder, hadoop.value());
            try (Llama llama = Llama.initialise(model.config(pieces), seed, Device.cpu())) {
                HuggingFaceFolder.savePolicy(llama, output.local(), DataType.FLOAT32);
            }
            output.publish();
        }
    }
}
