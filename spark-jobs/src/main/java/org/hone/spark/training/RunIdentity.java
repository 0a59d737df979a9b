package org.hone.spark.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.TrainingRecipe;

/**
 * What decides the weights that a run ends with, beside the model that it starts from; it stands in every checkpoint. The
 * order of the rows and whatever is drawn comes from the seed and the step alone, so there is no other state of a random
 * generator to keep. Ranks, machines, folders and how often checkpoints are written may differ from one attempt to the next.
 *
 * @param objective what is learned
 * @param seed of the order of the rows, of a new head and of new adapters
 * @param rows how many rows there are to learn from
 * @param rowsSha256 checksum of what they hold, in their order
 * @param rowsPerShard rows in every shard but the last; the order goes through the shards
 * @param gradientLanes fixed partial sums of a batch's gradient
 * @param precision what matrices are multiplied in
 * @param optimization the optimiser
 * @param rewardModel what a reward model learns beside which response is better
 */
record RunIdentity(
        TrainingJob.Objective objective,
        long seed,
        long rows,
        String rowsSha256,
        int rowsPerShard,
        int gradientLanes,
        TrainingRecipe.Precision precision,
        OptimizationRecipe optimization,
        RankingRecipe rewardModel) {
    /** The keys are called as in a recipe. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();

    static RunIdentity of(TrainingJob job) {
        return new RunIdentity(
                job.objective(),
                job.seed(),
                job.manifest().rows(),
                job.manifest().rowsSha256(),
                job.manifest().rowsPerShard(),
                job.training().gradientLanes(),
                job.training().precision(),
                job.optimization(),
                job.ranking());
    }

    JsonNode json() {
        return JSON.valueToTree(this);
    }

    /** A line for each key in which a checkpoint's run is another one. */
    List<String> differences(JsonNode checkpoint) {
        Map<String, String> before = new TreeMap<>();
        Map<String, String> now = new TreeMap<>();
        flatten("", checkpoint, before);
        flatten("", json(), now);
        List<String> lines = new ArrayList<>();
        now.forEach((key, value) -> {
            String stored = before.getOrDefault(key, "nothing");
            if (!stored.equals(value)) {
                lines.add("  " + key + ": the checkpoint has " + stored + ", the run now " + value);
            }
        });
        return lines;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> flat) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flatten(
                            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), flat));
        } else {
            flat.put(path, node.isTextual() ? node.asText() : node.toString());
        }
    }
}
