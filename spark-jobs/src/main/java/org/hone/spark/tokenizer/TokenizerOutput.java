package org.hone.spark.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.data.tokenizer.train.BpeVocabulary;
import org.hone.spark.run.Storage;

/**
 * Where a trained tokenizer goes: a file whose name ends in {@code .model}, or a folder that Hugging Face's LlamaTokenizer
 * reads too.
 */
public final class TokenizerOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerOutput() {}

    /**
     * Writes a vocabulary; each file appears whole or not at all, the model last.
     *
     * @param vocabulary the vocabulary
     * @param output a Hadoop path
     * @param storage the file systems
     * @return the path of the model file
     * @throws IOException if it cannot be written
     */
    public static String write(BpeVocabulary vocabulary, String output, Storage storage) throws IOException {
        String file = storage.qualified(output);
        if (!file.endsWith(".model")) {
            ObjectNode special = JSON.createObjectNode()
                    .put("bos_token", "<s>")
                    .put("eos_token", "</s>")
                    .put("unk_token", "<unk>");
            // legacy puts a blank before the text after each special token, which SentencePiece itself does not
            ObjectNode config = special.deepCopy()
                    .put("tokenizer_class", "LlamaTokenizer")
                    .put("add_bos_token", true)
                    .put("add_eos_token", false)
                    .put("clean_up_tokenization_spaces", false)
                    .put("legacy", false);
            storage.writeText(child(file, "tokenizer_config.json"), config.toPrettyString() + "\n");
            storage.writeText(child(file, "special_tokens_map.json"), special.toPrettyString() + "\n");
            file = child(file, Tokenizer.SENTENCE_PIECE_FILE);
        }
        storage.writeBytes(file, vocabulary.toModelFile());
        return file;
    }

    private static String child(String folder, String name) {
        return new Path(folder, name).toString();
    }
}
