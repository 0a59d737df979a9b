import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Writes generated comparisons in the format of HH-RLHF, with the lengths of the real set: 1 to 7 turns, words by Zipf's
 * law from 50,000 made-up ones, a line of some 1,900 characters. One row in fifty repeats an earlier one, one in fifty an
 * earlier one with a word changed. The same arguments give the same file.
 *
 * <p>{@code java bench/GeneratedDialogues.java ROWS FILE}
 */
final class GeneratedDialogues {
    private static final int WORDS = 50_000;
    private static final String[] SYLLABLES =
            "ba ce di fo gu la me ni po ru sa te vi wo zu an er in on un".split(" ");

    private GeneratedDialogues() {}

    public static void main(String[] arguments) throws IOException {
        long rows = Long.parseLong(arguments[0]);
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
            for (long row = 0; row < rows; row++) {
                boolean repeats = row > 100 && row % 50 == 1;
                boolean edits = row > 100 && row % 50 == 2;
                long seed = repeats || edits ? row - 30 : row;
                out.write(line(seed, edits));
                out.write('\n');
            }
        }
    }

    private static String line(long seed, boolean edited) {
        // a generator seeded by another's output: seeds that are multiples of its own step would give shifted copies
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
        StringBuilder prompt = new StringBuilder();
        int exchanges = 1 + random.nextInt(4);
        for (int i = 0; i < exchanges; i++) {
            turn(prompt, "Human", 8 + random.nextInt(40), random);
            if (i + 1 < exchanges) {
                turn(prompt, "Assistant", 15 + random.nextInt(50), random);
            }
        }
        StringBuilder chosen = new StringBuilder();
        turn(chosen, "Assistant", 20 + random.nextInt(70), random);
        StringBuilder rejected = new StringBuilder();
        turn(rejected, "Assistant", 20 + random.nextInt(70), random);
        String change = edited ? " indeed" : "";
        return "{\"chosen\": \"" + prompt + chosen + change + "\", \"rejected\": \"" + prompt + rejected + "\"}";
    }

    private static void turn(StringBuilder out, String role, int words, SplittableRandom random) {
        out.append("\\n\\n").append(role).append(':');
        for (int i = 0; i < words; i++) {
            // Zipf: the rank is an exponential of a uniform number
            int rank = (int) (Math.exp(random.nextDouble() * Math.log(WORDS))) - 1;
            out.append(' ');
            for (int left = rank + SYLLABLES.length; left > 0; left /= SYLLABLES.length) {
                out.append(SYLLABLES[left % SYLLABLES.length]);
            }
        }
    }
}
