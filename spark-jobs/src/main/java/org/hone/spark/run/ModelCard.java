package org.hone.spark.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What Hone notes beside a model that it trained, so that later commands read dialogues as training did.
 *
 * @param template name of the chat template
 * @param maxLength longest row of the training, in tokens
 * @param rewards where a reward model's rewards lie, if it was asked to note that
 */
public record ModelCard(
        String template, int maxLength, @Nullable RewardScale rewards) {
    private static final String NAME = "hone.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Reads the card of a model.
     *
     * @param folder the model's folder
     * @return the card, null if Hone did not train the model
     * @throws IOException if the card cannot be read
     */
    public static @Nullable ModelCard read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return Files.exists(file) ? JSON.readValue(Files.readString(file), ModelCard.class) : null;
    }

    /**
     * Reads where a reward model's rewards lie.
     *
     * @param folder the model's folder
     * @return the scale
     * @throws IOException if the card cannot be read
     * @throws IllegalArgumentException if the model has none
     */
    public static RewardScale rewardScale(Path folder) throws IOException {
        ModelCard card = read(folder);
        if (card == null || card.rewards() == null) {
            throw new IllegalArgumentException(folder + ": does not say where its rewards lie (" + NAME
                    + " has no rewards); train it with reward-model.normalise: true, or take its rewards as they are");
        }
        return card.rewards();
    }

    /**
     * Writes the card of a model.
     *
     * @param folder the model's folder
     * @throws IOException if it cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(NAME), JSON.writeValueAsString(this) + "\n");
    }
}
