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
 */
public record ModelCard(String template, int maxLength) {
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
     * Writes the card of a model.
     *
     * @param folder the model's folder
     * @throws IOException if it cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(NAME), JSON.writeValueAsString(this) + "\n");
    }
}
