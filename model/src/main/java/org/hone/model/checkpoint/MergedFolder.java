package org.hone.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;

/** Adapters and the model that they stand beside, made into one whole model. */
public final class MergedFolder {
    private MergedFolder() {}

    /**
     * Writes the whole model.
     *
     * @param adapters folder of the adapters, as peft or Hone writes it
     * @param base Hugging Face folder of the model that they were trained beside
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @throws IOException if something cannot be read or written, or does not fit together
     */
    public static void write(Path adapters, Path base, Path folder) throws IOException {
        boolean ofRewardModel = Json.read(adapters.resolve(AdapterFolder.CONFIG))
                .path("task_type")
                .asText()
                .equals("SEQ_CLS");
        SaveOptions options = SaveOptions.of(DataType.FLOAT32).withSource(base);
        try (Network network = ofRewardModel ? rewardModel(adapters, base) : policy(base);
                LowRankAdapters attached = AdapterFolder.attach(adapters, network)) {
            attached.merge();
            HuggingFaceFolder.save(network, folder, options);
        }
    }

    private static Llama policy(Path base) throws IOException {
        return HuggingFaceFolder.loadPolicy(base, Device.cpu());
    }

    /** A reward model's adapters stand beside a policy as well, since they bring the heads along. */
    private static RewardModel rewardModel(Path adapters, Path base) throws IOException {
        if (HuggingFaceFolder.kind(base) == ModelKind.REWARD_MODEL) {
            return HuggingFaceFolder.loadRewardModel(base, Device.cpu());
        }
        try (Llama policy = policy(base)) {
            return RewardModel.fromPolicy(policy, 0, AdapterFolder.hasSafetyHead(adapters));
        }
    }
}
