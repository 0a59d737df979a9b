package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.Tensor;
import org.hone.spark.shard.TokenRow;

/** A model under training, as the loop sees it: parameters, and the loss of some rows. */
interface Trainee extends AutoCloseable {
    /** The parameters by name. */
    Map<String, Tensor> parameters();

    /** What a row counts in the batch's mean: its trained tokens, or one pair. */
    long weight(TokenRow row);

    /** Tokens that a row sends through the model, padding apart; rows of like length are batched together. */
    int length(TokenRow row);

    /** Sums over a microbatch; the loss still carries its graph. */
    Sums loss(List<TokenRow> rows);

    /** Writes the model as a Hugging Face folder. */
    void save(Path folder) throws IOException;

    @Override
    void close();

    /**
     * What a microbatch adds to its global batch.
     *
     * @param loss scalar tensor: sum of the losses, in nats
     * @param correct pairs that the model ranks right, or tokens that it would have chosen; a tie is half
     */
    record Sums(Tensor loss, double correct) {}
}
