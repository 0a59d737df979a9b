package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.AdapterFolder;
import org.hone.model.checkpoint.SaveOptions;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.MicroBatchSums;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.shard.TokenRow;

/**
 * A model of which adapters are trained and nothing else: they alone have gradients and moments, and stand in checkpoints.
 *
 * @param whole the model
 * @param adapters what is trained
 * @param saved what becomes of the adapters
 * @param base where the model came from, as peft names it: a local path, or else a URI
 */
record Adapted(Trainee whole, LowRankAdapters adapters, LoraRecipe.Save saved, String base) implements Trainee {
    @Override
    public Map<String, Tensor> parameters() {
        return adapters.parameters();
    }

    @Override
    public long weight(TokenRow row) {
        return whole.weight(row);
    }

    @Override
    public int labels(TokenRow row) {
        return whole.labels(row);
    }

    @Override
    public int length(TokenRow row) {
        return whole.length(row);
    }

    @Override
    public MicroBatchSums backward(List<TokenRow> rows, GlobalBatch.Counts counts) {
        return whole.backward(rows, counts);
    }

    @Override
    public MicroBatchSums evaluate(List<TokenRow> rows) {
        return whole.evaluate(rows);
    }

    @Override
    public float[] rewards(List<TokenRow> rows) {
        return whole.rewards(rows);
    }

    /** Merging ends the training. */
    @Override
    public void save(Path folder, SaveOptions options) throws IOException {
        switch (saved) {
            case MERGED -> {
                adapters.merge();
                whole.save(folder, options);
            }
            case ADAPTERS -> AdapterFolder.write(adapters, base, folder);
        }
    }

    @Override
    public void close() {
        adapters.close();
        whole.close();
    }
}
