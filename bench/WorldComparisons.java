import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.hone.data.preference.PreferencePair;
import org.hone.data.world.World;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Rated comparisons of the quickstart's world as JSON lines, of which the ratings and safety bins are known.
 *
 * <p>Arguments: seed of the world, first and last index, file.
 */
final class WorldComparisons {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws IOException {
        World world = new World(Long.parseLong(arguments[0]));
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[3]))) {
            for (long index = Long.parseLong(arguments[1]); index <= Long.parseLong(arguments[2]); index++) {
                PreferencePair pair = world.preference(index);
                Map<String, String> row = new LinkedHashMap<>();
                row.put("question", pair.prompt().firstUserTurn());
                row.put("chosen", pair.chosen());
                row.put("rejected", pair.rejected());
                row.put("rating", pair.rating().name().toLowerCase(Locale.ROOT));
                if (pair.safetyBin() != null) {
                    row.put("bin", pair.safetyBin().name().toLowerCase(Locale.ROOT));
                }
                out.write(JSON.writeValueAsString(row));
                out.newLine();
            }
        }
    }
}
