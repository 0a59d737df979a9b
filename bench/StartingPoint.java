import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.RewardModel;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.GlobalOrder;
import org.hone.spark.shard.ShardManifest;

/**
 * What a peer needs to train on the very batches that Hone trains on: the order of the rows, a line "shard row" each, and
 * the reward model with the head that a recipe of seed 0 starts from.
 *
 * <p>Arguments: stage (sft or reward-model), base model, shards, batch size, output folder.
 */
final class StartingPoint {
    public static void main(String[] arguments) throws IOException {
        String stage = arguments[0];
        ShardManifest manifest = ShardManifest.read(new Storage(new Configuration()), arguments[2]);
        long seed = Seeds.mix(0, Seeds.hash(stage));
        GlobalOrder order = new GlobalOrder(manifest, seed, Integer.parseInt(arguments[3]));
        List<String> lines = new ArrayList<>();
        for (long step = 0; step < order.stepsPerEpoch(); step++) {
            order.batch(step)
                    .forEach(place -> lines.add(manifest.shards().get(place.shard()).file() + " " + place.row()));
        }
        Path output = Files.createDirectories(Path.of(arguments[4]));
        Files.write(output.resolve("order.txt"), lines);
        if (stage.equals("reward-model")) {
            try (Llama base = HuggingFaceFolder.loadPolicy(Path.of(arguments[1]), Device.cpu());
                    RewardModel model = RewardModel.fromPolicy(base, Seeds.mix(seed, Seeds.hash("reward head")))) {
                HuggingFaceFolder.saveRewardModel(model, output.resolve("model"), DataType.FLOAT32);
            }
        }
    }
}
