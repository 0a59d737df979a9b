package org.hone.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.model.llama.Network;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;

/**
 * Models trained from one start, made into the one model whose weights are their mean.
 *
 * <p>Runs that differ in their seeds or hyper-parameters learn the same regularities and remember different noise; the mean of
 * their weights keeps the first and loses of the second, at the cost of one model (Ramé et al. 2024, WARM, section 3;
 * arXiv:2401.12187).
 */
public final class AveragedFolder {
    private AveragedFolder() {}

    /**
     * Writes the mean. One whole model and single weights of the others are in memory at a time.
     *
     * @param models at least two Hugging Face folders: all policies or all reward models, of one shape and one tokenizer
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @throws IOException if something cannot be read or written, or does not fit together
     */
    public static void write(List<Path> models, Path folder) throws IOException {
        if (models.size() < 2) {
            throw new IllegalArgumentException("a mean of " + models.size() + " models; expected at least two");
        }
        Path first = models.get(0);
        List<WeightFiles> others = new ArrayList<>();
        try (Network sum = HuggingFaceFolder.load(first, Device.cpu())) {
            for (Path other : models.subList(1, models.size())) {
                others.add(sameModel(first, other, sum));
            }
            average(sum, others);
            HuggingFaceFolder.save(sum, folder, SaveOptions.of(DataType.FLOAT32).withSource(first));
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static WeightFiles sameModel(Path first, Path other, Network model) throws IOException {
        HuggingFaceConfig config = HuggingFaceFolder.read(other, HuggingFaceFolder.kind(first));
        if (!config.model().equals(model.config())) {
            throw new CheckpointException(
                    other, "has the shape " + config.model() + ", and " + first + " has " + model.config());
        }
        for (String name : HuggingFaceFolder.TOKENIZER_FILES) {
            if (!equal(first.resolve(name), other.resolve(name))) {
                throw new CheckpointException(
                        other, "its " + name + " is not that of " + first + "; average models of one tokenizer");
            }
        }
        WeightFiles files = WeightFiles.open(other);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        model.parameters().forEach((name, weight) -> shapes.put(name, weight.shape()));
        files.check(shapes, HuggingFaceFolder.harmless(config.model()));
        return files;
    }

    private static boolean equal(Path one, Path other) throws IOException {
        return Files.exists(one) == Files.exists(other)
                && (!Files.exists(one) || Arrays.equals(Files.readAllBytes(one), Files.readAllBytes(other)));
    }

    /** In double precision, so that the order of the models changes no bit that the single-precision result keeps. */
    private static void average(Network sum, List<WeightFiles> others) {
        sum.parameters()
                .forEach((name, weight) -> Memory.tidy(() -> {
                    Tensor total = weight.detach().to(DataType.FLOAT64);
                    for (WeightFiles other : others) {
                        InPlace.add(total, other.tensor(name).to(DataType.FLOAT64));
                    }
                    InPlace.mul(total, 1.0 / (others.size() + 1));
                    return InPlace.copy(weight.detach(), total);
                }));
    }
}
