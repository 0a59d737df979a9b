package org.hone.spark.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.checkpoint.SaveOptions;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.RawBytes;
import org.hone.model.training.FlatParameters;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.executor.LocalOutput;
import org.hone.spark.run.ModelCard;
import org.hone.spark.run.RewardScale;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/** Writes what a training stage leaves: the model with its tokenizer, and the loss curve. */
final class ModelOutput {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int CHUNK = 1 << 22;

    private ModelOutput() {}

    static void write(TrainingJob job, Trainee trainee, LossCurve curve, @Nullable RewardScale rewards)
            throws IOException {
        Storage storage = new Storage(job.hadoop().value());
        LocalOutput output = LocalOutput.open(job.output(), job.hadoop().value());
        Path tokenizer = LocalCopies.of(job.encoding().tokenizer(), job.hadoop().value());
        trainee.save(output.local(), SaveOptions.of(DataType.FLOAT32).withControlTokens(controlTokens(tokenizer)));
        copyTokenizer(tokenizer, output.local());
        new ModelCard(job.encoding().template(), job.encoding().maxLength(), rewards).write(output.local());
        output.publish();
        storage.writeText(output.target().getParent() + "/loss.json", JSON.writeValueAsString(curve.points()) + "\n");
    }

    /** Those of the tokenizer: the model has learned to end where it ends. */
    private static SaveOptions.ControlTokens controlTokens(Path tokenizer) throws IOException {
        try (Tokenizer opened = Tokenizer.open(tokenizer)) {
            return new SaveOptions.ControlTokens(opened.bosId(), opened.eosId());
        }
    }

    private static void copyTokenizer(Path tokenizer, Path folder) throws IOException {
        if (Files.isRegularFile(tokenizer)) {
            String name = tokenizer.toString().endsWith(".json")
                    ? Tokenizer.HUGGING_FACE_FILE
                    : Tokenizer.SENTENCE_PIECE_FILE;
            Files.copy(tokenizer, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        for (String name : HuggingFaceFolder.TOKENIZER_FILES) {
            if (Files.exists(tokenizer.resolve(name))) {
                Files.copy(tokenizer.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** SHA-256 over all parameters, bit for bit. */
    static String fingerprint(FlatParameters flat) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            long size = RawBytes.size(flat.parameters());
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            for (long offset = 0; offset < size; offset += CHUNK) {
                chunk.clear().limit((int) Math.min(CHUNK, size - offset));
                RawBytes.read(flat.parameters(), offset, chunk);
                sha.update(chunk.flip());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
