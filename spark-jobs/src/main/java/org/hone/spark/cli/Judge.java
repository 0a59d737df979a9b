package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.spark.run.ModelCard;
import org.hone.spark.run.RewardScale;
import org.jspecify.annotations.Nullable;

/**
 * A reward model with all that it needs to read text. Not for two threads.
 *
 * @param model the reward model
 * @param tokenizer its tokenizer
 * @param encoder template and longest row
 * @param scale what rewards are normalised by; null leaves them as they are
 */
record Judge(
        RewardModel model,
        Tokenizer tokenizer,
        ExampleEncoder encoder,
        @Nullable RewardScale scale) implements AutoCloseable {
    /**
     * Opens a reward model with the tokenizer, template and longest row that it was trained with.
     *
     * @param folder its Hugging Face folder
     */
    static Judge open(Path folder) throws IOException {
        ModelCard card = ModelCard.read(folder);
        if (card == null) {
            throw new IllegalArgumentException(folder
                    + ": does not say which template it was trained with; give a reward" + " model that Hone trained");
        }
        Tokenizer tokenizer = Tokenizer.open(folder);
        RewardModel model = HuggingFaceFolder.loadRewardModel(folder, Device.cpu());
        ExampleEncoder encoder = new ExampleEncoder(tokenizer, ChatTemplate.named(card.template()), card.maxLength());
        return new Judge(model, tokenizer, encoder, null);
    }

    /** The reward of a response, in logits or deviations, and how likely it is safe if the model can say so. */
    Map<String, Float> judge(Dialogue prompt, String response) {
        int[] ids = encoder.encode(prompt, response).ids();
        return Memory.withoutGradients(() -> Memory.tidy(() -> {
            Map<String, Float> judged = new LinkedHashMap<>();
            Tensor read = model.read(TokenBatch.of(List.<int[]>of(ids), 0));
            float reward = model.score(read).toFloats()[0];
            judged.put("reward", scale == null ? reward : (float) scale.normalised(reward));
            if (model.hasSafetyHead()) {
                judged.put("safe", Elementwise.sigmoid(model.safety(read)).toFloats()[0]);
            }
            return judged;
        }));
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
