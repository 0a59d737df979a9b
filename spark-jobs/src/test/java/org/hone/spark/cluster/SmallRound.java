package org.hone.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.quickstart.Quickstart;
import org.hone.spark.quickstart.WorldSize;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.StageContext;

/** Two whole rounds in a very small world, for tests: every stage runs, nothing is learned well. */
final class SmallRound {
    static final WorldSize SIZE = new WorldSize(320, 240, 320, 48, 2);

    /** Rounds of the run. */
    static final int THROUGH = 2;

    private static final List<String> ID = List.of("id");

    /** Tables of a run that are the same whatever ran it, with the columns that order their rows. */
    static final Map<String, List<String>> TABLES = Map.ofEntries(
            Map.entry("v1/import/preferences", ID),
            Map.entry("v1/tokenise/pairs-helpfulness", ID),
            Map.entry("v2/tokenise/pairs-safety", ID),
            Map.entry("v1/tokenise/prompts", ID),
            Map.entry("v1/evaluate-reward-model-helpfulness/rewards", ID),
            Map.entry("v1/sample/candidates", ID),
            Map.entry("v1/score/scores", ID),
            Map.entry("v2/collect/helpfulness", ID),
            Map.entry("v2/sample/candidates", ID),
            Map.entry("v2/score/scores", ID),
            Map.entry("v2/select/selected", ID),
            Map.entry("v2/evaluate-policy/before", ID),
            Map.entry("v2/evaluate-policy/after", ID));

    private static final String RECIPE = """
            name: small
            seed: 3
            base-model: ${run}/pretrain/model
            tokenizer: ${run}/tokenizer/tokenizer.model
            template: plain
            max-length: 96
            preferences:
              held-out-fraction: 0.2
              sources:
                - {name: helpful, path: "${run}/world/helpfulness", format: parquet, fine-tuning-target: true}
                - {name: safe, path: "${run}/world/safety", format: parquet, axis: safety}
                - {name: helpful-2, path: "${run}/v2/collect/helpfulness", format: parquet, from-round: 2}
                - {name: safe-2, path: "${run}/v2/collect/safety", format: parquet, axis: safety, from-round: 2}
            training: {ranks: ${ranks}, gradient-lanes: 4, checkpoint-every-steps: 2, timeout-seconds: 30}
            sft: {learning-rate: 0.001, epochs: 1, batch-size: 32, micro-batch-tokens: 256}
            reward-model: {learning-rate: 0.001, epochs: 1, batch-size: 16, micro-batch-tokens: 256}
            rejection-sampling: {prompts: 20, samples-per-prompt: 3, max-new-tokens: 12}
            fine-tune: {start-from: sft-policy, learning-rate: 0.001, epochs: 1, batch-size: 8, micro-batch-tokens: 256}
            evaluation: {prompts: 10, samples-per-prompt: 2}
            """;

    private SmallRound() {}

    /** One executor is this very process. */
    static SparkSession embedded() {
        return start("local[1]");
    }

    /** Two executor processes of one slot each, on a master and workers of their own. */
    static SparkSession twoExecutors() {
        return start("local-cluster[2,1,1024]");
    }

    /** Executors of a cluster, with settings of this session alone. */
    static SparkSession on(TwoHosts cluster, Map<String, String> settings) {
        settings.forEach(System::setProperty);
        try {
            return start(cluster.url());
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    private static SparkSession start(String master) {
        System.setProperty("spark.master", master);
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.sql.shuffle.partitions", "4");
        System.setProperty("spark.driver.host", "127.0.0.1");
        System.setProperty("spark.deploy.maxExecutorRetries", "4");
        System.setProperty("spark.executor.extraClassPath", System.getProperty("java.class.path"));
        System.setProperty(
                "spark.executor.extraJavaOptions",
                JavaModuleOptions.defaultModuleOptions()
                        + " -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0");
        return HoneSession.start("small round");
    }

    static Map<String, StageReport> run(SparkSession spark, Path folder, int ranks) {
        try {
            return Quickstart.run(context(spark, folder, ranks), SIZE, THROUGH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StageContext context(SparkSession spark, Path folder, int ranks) throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        // The ranks are no part of the recipe that is compared when a run is continued elsewhere.
        String yaml = RECIPE.replace("${ranks}", Integer.toString(ranks));
        Variables variables = new Variables(Map.of("run", storage.qualified(folder.toString())));
        ResolvedRecipe<Recipe> recipe = RecipeReader.read(yaml, "small.yaml", variables, path -> path);
        RunFolder run = RunFolder.open(storage, folder.toString(), recipe);
        return new StageContext(spark, recipe.recipe(), run, 0, Progress.of(spark));
    }

    /** All rows of a table as text, in a fixed order; paths of the run's own folder do not occur in them. */
    static List<String> rows(SparkSession spark, Path folder, String table) {
        List<String> order = Objects.requireNonNull(TABLES.get(table), table);
        return spark.read()
                .parquet(folder.resolve(table).toString())
                .drop("origin")
                .orderBy(order.get(0), order.subList(1, order.size()).toArray(String[]::new))
                .toJSON()
                .collectAsList();
    }
}
