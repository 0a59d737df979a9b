package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.model.checkpoint.SafetensorsFile;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.FlatParameters;

/** The file of a model's weights by name, in checkpoints and beside them. */
final class WeightsFile {
    static final String NAME = "weights.safetensors";

    private WeightsFile() {}

    static void add(UnfinishedCheckpoint unfinished, FlatParameters flat) {
        Memory.tidy(() -> {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            flat.names().forEach(name -> weights.put(name, flat.view(flat.parameters(), name)));
            unfinished.add(NAME, weights);
        });
    }

    static void restore(Path folder, FlatParameters flat) throws IOException {
        SafetensorsFile weights = SafetensorsFile.open(folder.resolve(NAME));
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            for (String name : flat.names()) {
                InPlace.copy(flat.view(flat.parameters(), name), weights.tensor(name));
            }
        }));
    }
}
