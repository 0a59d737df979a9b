package org.hone.spark.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.Device;
import org.hone.model.training.MicroBatchSums;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.SmallTraining;
import org.hone.spark.metrics.HeldOutMetrics;
import org.hone.spark.session.Progress;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.TokenRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@Timeout(200)
final class ValidationTest {
    @TempDir
    private Path folder;

    @Test
    void theBestOnHeldOutRowsIsWrittenWhateverTheRanks() throws Exception {
        try (SparkSession spark = LocalSpark.start()) {
            SmallTraining training = new SmallTraining(spark, folder);
            Progress progress = Progress.of(spark);
            RankResult plain = DistributedTrainer.run(spark, training.watched("plain", 1, false), progress);
            RankResult best = DistributedTrainer.run(spark, training.watched("best", 1, true), progress);
            RankResult two = DistributedTrainer.run(spark, training.watched("two", 2, true), progress);
            List<HeldOutMetrics> curve = heldOut("plain");
            assertThat(curve)
                    .extracting(HeldOutMetrics::step)
                    .startsWith(8L, 16L)
                    .hasSize(12);
            HeldOutMetrics lowest = curve.stream()
                    .min(Comparator.comparingDouble(HeldOutMetrics::loss))
                    .orElseThrow();
            assertThat(lowest.step()).as("it gets worse again").isLessThan(SmallTraining.STEPS);
            assertThat(best.heldOut()).isEqualTo(lowest);
            assertThat(plain.heldOut()).isEqualTo(curve.get(11));
            assertThat(two.heldOut()).isEqualTo(best.heldOut());
            assertThat(two.weights()).isEqualTo(best.weights()).isNotEqualTo(plain.weights());
            assertThat(heldOut("two")).isEqualTo(curve).isEqualTo(heldOut("best"));
            TrainingJob job = training.watched("best", 1, true);
            assertThat(lossOf(folder.resolve("best/model"), job))
                    .as("the model in the folder")
                    .isCloseTo(lowest.loss(), within(1e-5));
        }
    }

    private List<HeldOutMetrics> heldOut(String run) throws IOException {
        List<HeldOutMetrics> found = new ArrayList<>();
        for (String row : Files.readAllLines(folder.resolve(run + "/metrics/steps-000000000001.jsonl"))) {
            JsonNode values = new ObjectMapper().readTree(row);
            if (values.has("held_out_loss")) {
                found.add(new HeldOutMetrics(
                        values.get("step").asLong(), values.get("held_out_loss").asDouble(), null));
            }
        }
        return found;
    }

    /** Each row by itself. */
    private static double lossOf(Path model, TrainingJob job) throws IOException {
        Validation rows = Objects.requireNonNull(job.validation());
        ShardReader reader = new ShardReader(
                rows.shards(), rows.manifest(), rows.manifest().kind().columns(), job.hadoop());
        double loss = 0;
        long weight = 0;
        try (Llama llama = HuggingFaceFolder.loadPolicy(model, Device.cpu());
                Policy policy = new Policy(llama, rows.manifest().kind(), false)) {
            for (int shard = 0; shard < rows.manifest().shards().size(); shard++) {
                for (TokenRow row : reader.read(shard)) {
                    MicroBatchSums sums = policy.evaluate(List.of(row));
                    loss += sums.loss();
                    weight += policy.weight(row);
                }
            }
        }
        return loss / weight;
    }
}
