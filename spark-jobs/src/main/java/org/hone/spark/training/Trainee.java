package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.SaveOptions;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.MicroBatchSums;
import org.hone.spark.shard.TokenRow;

/** A model under training, as the loop sees it: parameters, and the loss of some rows. */
interface Trainee extends AutoCloseable {
    /** The parameters by name. */
    Map<String, Tensor> parameters();

    /** What a row counts in the batch's mean: its trained tokens, or one pair. */
    long weight(TokenRow row);

    /** Responses of a row of which it is known whether they are safe; 0 for a policy. */
    default int labels(TokenRow row) {
        return 0;
    }

    /** Tokens that a row sends through the model. */
    int length(TokenRow row);

    /**
     * Adds the gradients of a microbatch to the parameters' gradients.
     *
     * @param rows the microbatch
     * @param counts of the global batch, which gradients are divided by
     */
    MicroBatchSums backward(List<TokenRow> rows, GlobalBatch.Counts counts);

    /**
     * Rewards of pairs as the model is now.
     *
     * @param rows the pairs
     * @return of every pair the chosen response's reward, then the other's
     * @throws IllegalStateException if the model gives no rewards
     */
    default float[] rewards(List<TokenRow> rows) {
        throw new IllegalStateException("a policy gives no rewards");
    }

    /**
     * The sums of rows that are not trained on.
     *
     * @param rows a microbatch
     */
    MicroBatchSums evaluate(List<TokenRow> rows);

    /** Writes the model as a Hugging Face folder. */
    void save(Path folder, SaveOptions options) throws IOException;

    @Override
    void close();
}
