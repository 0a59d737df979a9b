package org.hone.spark.run;

import java.io.IOException;
import java.nio.file.Path;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.jspecify.annotations.Nullable;

/**
 * Whether the tokenizer and the template that a model is to read dialogues with fit it.
 *
 * @param model what messages call the model
 * @param folder its Hugging Face folder
 */
public record ReadingFit(String model, Path folder) {
    /**
     * The model that lies in a folder, called by it.
     *
     * @param folder its Hugging Face folder
     */
    public ReadingFit(Path folder) {
        this(folder.toString(), folder);
    }

    /**
     * Checks that the model has an embedding for each piece.
     *
     * @param tokenizer the tokenizer
     * @param called what messages call it
     * @throws IOException if the model's configuration cannot be read
     * @throws IllegalArgumentException if there are more pieces
     */
    public void check(Tokenizer tokenizer, String called) throws IOException {
        int vocabulary = HuggingFaceFolder.config(folder).vocabularySize();
        if (tokenizer.vocabularySize() > vocabulary) {
            throw new IllegalArgumentException(called + " has " + tokenizer.vocabularySize() + " pieces, but " + model
                    + " has vocab_size " + vocabulary + "; give the tokenizer that the model was trained with");
        }
    }

    /**
     * The template to read with.
     *
     * @param wished name of the one that is asked for; null: the one that the model was trained with
     * @return the template's name
     * @throws IOException if the model's card cannot be read
     * @throws IllegalArgumentException if there is no such template, or none is known
     */
    public String template(@Nullable String wished) throws IOException {
        ModelCard card = ModelCard.read(folder);
        if (wished == null && card == null) {
            throw new IllegalArgumentException(model + ": does not say which template it was trained with; add"
                    + " --template llama2 or --template plain");
        }
        String name = wished != null || card == null ? String.valueOf(wished) : card.template();
        ChatTemplate.named(name);
        return name;
    }

    /**
     * The longest row to read.
     *
     * @return that of its training in tokens, or what its context holds if Hone did not train it
     * @throws IOException if the model's card or configuration cannot be read
     */
    public int maxLength() throws IOException {
        ModelCard card = ModelCard.read(folder);
        return card == null ? HuggingFaceFolder.config(folder).contextLength() : card.maxLength();
    }
}
