import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.world.GoldReward;
import org.hone.data.world.GoldTerm;

/**
 * What the gold reward of responses is made of: which ability of a policy grew, which was lost.
 *
 * <p>Arguments: JSON lines with {@code prompt} and {@code text}, and the file of the same lines with a key {@code terms}.
 */
final class GoldTerms {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws IOException {
        GoldReward gold = new GoldReward();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            JsonNode row = JSON.readTree(line);
            Map<String, Double> terms = new LinkedHashMap<>();
            Dialogue prompt = Dialogue.ofUser(row.get("prompt").asText());
            for (GoldTerm term : gold.explain(prompt, row.get("text").asText())) {
                terms.put(term.name(), term.value());
            }
            Map<String, Object> explained = new LinkedHashMap<>();
            row.properties().forEach(field -> explained.put(field.getKey(), field.getValue()));
            explained.put("terms", terms);
            lines.add(JSON.writeValueAsString(explained));
        }
        Files.write(Path.of(arguments[1]), lines);
    }
}
