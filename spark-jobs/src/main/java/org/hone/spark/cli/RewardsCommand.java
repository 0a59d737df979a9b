package org.hone.spark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.RewardModel;
import org.hone.spark.run.ModelCard;
import org.hone.spark.run.RewardScale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone rewards}: what a reward model thinks of dialogues. */
@Command(
        name = "rewards",
        mixinStandardHelpOptions = true,
        description = "Rewards (logits) of dialogues, as JSON lines. A line is"
                + " {\"messages\": [{\"role\": \"user\", \"content\": …}, …, {\"role\": \"assistant\", \"content\": …}]};"
                + " the last message is the response that is judged. A model with a safety head also says how likely the"
                + " response is safe.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class RewardsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelInput model;

    @Mixin
    private LineInput input;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "chat template; what the model was trained with if not given")
    private @Nullable String template;

    @Option(
            names = "--normalised",
            description = "rewards in deviations from the mean that the model's training stored (normalise: true)")
    private boolean normalised;

    @Override
    public Integer call() throws IOException {
        RewardScale scale = normalised ? ModelCard.rewardScale(model.folder()) : null;
        ChatTemplate format = model.template(template);
        PrintWriter out = spec.commandLine().getOut();
        try (Tokenizer tokenizer = model.openTokenizer();
                RewardModel rewardModel = HuggingFaceFolder.loadRewardModel(model.folder(), model.device())) {
            ExampleEncoder encoder = new ExampleEncoder(tokenizer, format, model.maxLength());
            Judge judge = new Judge(rewardModel, tokenizer, encoder, scale);
            input.forEach((line, number) -> {
                List<Turn> turns = turns(line, input.at(number));
                Turn response = turns.remove(turns.size() - 1);
                out.println(JSON.writeValueAsString(judge.judge(dialogue(turns, input.at(number)), response.text())));
            });
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private static Dialogue dialogue(List<Turn> turns, String where) {
        try {
            return new Dialogue(turns);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    private static List<Turn> turns(String line, String where) {
        List<Turn> turns = new ArrayList<>();
        try {
            for (JsonNode message : JSON.readTree(line).path("messages")) {
                JsonNode role = message.path("role");
                JsonNode content = message.path("content");
                if (!role.isTextual() || !content.isTextual()) {
                    throw new IllegalArgumentException(
                            where + ": got the message " + message + ", expected role and content as texts");
                }
                turns.add(new Turn(role(role.textValue(), where), content.textValue()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(where + ": not JSON: " + e.getOriginalMessage(), e);
        }
        if (turns.size() < 2 || turns.get(turns.size() - 1).role() != Role.ASSISTANT) {
            throw new IllegalArgumentException(
                    where + ": expected messages that end with a user's and an assistant's; got " + turns.size());
        }
        return turns;
    }

    private static Role role(String name, String where) {
        try {
            return Role.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    where + ": got the role " + name + ", expected system, user or assistant", e);
        }
    }
}
