package org.hone.spark.sampling;

import java.io.IOException;
import java.io.Serializable;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.ModelCard;
import org.hone.spark.run.RewardScale;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A reward model that candidates are scored by.
 *
 * @param axis what it judges
 * @param folder its Hugging Face folder, as a Hadoop path
 * @param hash its content's hash
 * @param encoding how it reads dialogues
 * @param scale what its rewards are normalised by; null leaves them as they are
 */
public record RewardModelRef(
        Axis axis,
        String folder,
        String hash,
        Encoding encoding,
        @Nullable RewardScale scale) implements Serializable {
    /**
     * Looks at a reward model's folder.
     *
     * @param axis what it judges
     * @param folder its Hugging Face folder, as a Hadoop path
     * @param normalised whether rewards are taken in deviations from their mean, which the model must have stored
     * @param encoding the run's encoding
     * @return the model
     * @throws IOException if the folder cannot be read
     * @throws IllegalArgumentException if normalised rewards are wanted and the model has not stored where they lie
     */
    public static RewardModelRef of(Axis axis, String folder, boolean normalised, Encoding encoding)
            throws IOException {
        var local = LocalCopies.of(folder, encoding.hadoop().value());
        return new RewardModelRef(
                axis, folder, FolderChecksum.sha256(local), encoding, normalised ? ModelCard.rewardScale(local) : null);
    }

    /** A reward as it is stored. */
    double stored(double reward) {
        return scale == null ? reward : scale.normalised(reward);
    }
}
