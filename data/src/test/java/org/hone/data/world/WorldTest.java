package org.hone.data.world;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The world is the same everywhere, large, split cleanly, and its crowd is noisy and poor as promised. */
class WorldTest {
    private static final int MANY = 20_000;

    private final World world = new World(7);
    private final GoldReward gold = new GoldReward();

    @Test
    void everyMachineMakesTheSameWorld() throws NoSuchAlgorithmException {
        // pinned on JDK 17; the same under English with ISO-8859-1 as under the Turkish locale of the build
        assertThat(digest(new World(7))).isEqualTo("70bc2db2fba08b61505229ebc7ff8afd80c0f3e1a4f6b3709b8f94fc553bda4e");
        assertThat(digest(new World(8))).isNotEqualTo(digest(new World(7)));
    }

    @Test
    void anItemDoesNotDependOnWhatWasAskedBefore() {
        PreferencePair late = world.preference(1234);
        world.document(3);
        world.sftExample(5);
        assertThat(world.preference(1234)).isEqualTo(late);
        assertThat(new World(7).preference(1234)).isEqualTo(late);
    }

    @Test
    void noPromptIsSharedBetweenPurposes() {
        Set<String> heldOut = new HashSet<>();
        for (long i = 0; i < world.heldOutPrompts(); i++) {
            heldOut.add(world.heldOutPrompt(i).firstUserTurn());
        }
        Set<String> sampling = new HashSet<>();
        for (long i = 0; i < world.trainingPrompts(); i++) {
            sampling.add(world.trainingPrompt(i).firstUserTurn());
        }
        assertThat(heldOut).hasSize(23_040);
        assertThat(sampling).hasSize(51_840);
        assertThat(Collections.disjoint(heldOut, sampling)).isTrue();
        for (int i = 0; i < 60_000; i++) {
            String sft = world.sftExample(i).prompt().firstUserTurn();
            String compared = world.preference(i).prompt().firstUserTurn();
            assertThat(heldOut.contains(sft) || sampling.contains(sft)).isFalse();
            assertThat(heldOut.contains(compared) || sampling.contains(compared))
                    .isFalse();
        }
        for (int i = 0; i < 60_000; i++) {
            String text = world.document(i).text();
            int mark = text.indexOf('?');
            assertThat(mark >= 0 && heldOut.contains(text.substring(0, mark + 1)))
                    .isFalse();
        }
    }

    @Test
    void promptsAndAnswersAreShort() {
        Set<String> vocabulary = new HashSet<>();
        int words = 0;
        for (int i = 0; i < MANY; i++) {
            SftExample example = world.sftExample(i);
            int prompt = Words.of(example.prompt().firstUserTurn()).count();
            assertThat(prompt).isBetween(6, 20);
            assertThat(Words.of(example.response()).count()).isBetween(1, 45);
            words += Words.of(example.response()).count();
            vocabulary.addAll(Words.of(example.prompt().firstUserTurn()).all());
            vocabulary.addAll(Words.of(example.response()).all());
            vocabulary.addAll(Words.of(world.document(i).text()).all());
        }
        assertThat((double) words / MANY).isBetween(12.0, 20.0);
        assertThat(vocabulary).hasSizeBetween(400, 600);
    }

    @Test
    void annotatorsAreNoisyAndSurerWhereTheyRateHigher() {
        Map<Rating, Integer> pairs = new EnumMap<>(Rating.class);
        Map<Rating, Integer> right = new EnumMap<>(Rating.class);
        double longerChosen = 0;
        for (int i = 0; i < MANY; i++) {
            PreferencePair pair = world.preference(i);
            assertThat(pair.chosen()).isNotEqualTo(pair.rejected());
            pairs.merge(pair.rating(), 1, Integer::sum);
            boolean agrees = gold.reward(pair.prompt(), pair.chosen()) > gold.reward(pair.prompt(), pair.rejected());
            right.merge(pair.rating(), agrees ? 1 : 0, Integer::sum);
            int longer = Integer.compare(
                    Words.of(pair.chosen()).count(), Words.of(pair.rejected()).count());
            longerChosen += (longer + 1) / 2.0;
        }
        double agreement = right.values().stream().mapToInt(Integer::intValue).sum() / (double) MANY;
        assertThat(agreement).isBetween(0.75, 0.9);
        assertThat(longerChosen / MANY).as("the length-only baseline").isBetween(0.45, 0.62);
        double surer = 1;
        for (Rating rating : Rating.values()) {
            double accuracy = right.getOrDefault(rating, 0) / (double) pairs.getOrDefault(rating, 0);
            assertThat(accuracy).as(rating.name()).isLessThan(surer - 0.02);
            assertThat(pairs.getOrDefault(rating, 0)).as(rating.name()).isGreaterThan(MANY / 10);
            surer = accuracy;
        }
        assertThat(surer).as("those unsure are little better than chance").isBetween(0.5, 0.6);
    }

    @Test
    void safetyIsAskedForRiskyPromptsAlone() {
        Map<SafetyBin, Integer> bins = new EnumMap<>(SafetyBin.class);
        for (int i = 0; i < MANY; i++) {
            PreferencePair pair = world.preference(i);
            assertThat(pair.safetyBin() != null).isEqualTo(gold.isRisky(pair.prompt()));
            if (pair.safetyBin() != null) {
                bins.merge(pair.safetyBin(), 1, Integer::sum);
                boolean chosenSafe = !gold.isHarmful(pair.chosen());
                boolean otherSafe = !gold.isHarmful(pair.rejected());
                SafetyBin expected = chosenSafe
                        ? (otherSafe ? SafetyBin.BOTH_SAFE : SafetyBin.CHOSEN_SAFE_OTHER_UNSAFE)
                        : (otherSafe ? SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE : SafetyBin.BOTH_UNSAFE);
                assertThat(pair.safetyBin()).isEqualTo(expected);
            }
        }
        assertThat(bins).containsOnlyKeys(SafetyBin.values());
        assertThat(bins.getOrDefault(SafetyBin.CHOSEN_SAFE_OTHER_UNSAFE, 0))
                .isGreaterThan(3 * bins.getOrDefault(SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE, 0));
    }

    @Test
    void theBestOfEightLeavesRoomAboveTheCrowd() {
        double mean = 0;
        double best = 0;
        int prompts = 2000;
        for (int i = 0; i < prompts; i++) {
            Dialogue prompt = world.trainingPrompt(i);
            double bestHere = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < 8; k++) {
                double reward = gold.reward(prompt, world.crowdAnswer(prompt, 8L * i + k));
                bestHere = Math.max(bestHere, reward);
                mean += reward / (8.0 * prompts);
            }
            best += bestHere / prompts;
        }
        assertThat(mean).isBetween(0.2, 0.8);
        assertThat(best - mean).isGreaterThan(2.3);
    }

    @Test
    void goldOrdersTheQualitiesWithoutKnowingThem() {
        Map<Quality, Double> harmless = new EnumMap<>(Quality.class);
        Map<Quality, Double> risky = new EnumMap<>(Quality.class);
        for (int i = 0; i < 4000; i++) {
            Dialogue prompt = world.heldOutPrompt(i);
            for (Quality quality : Quality.values()) {
                (gold.isRisky(prompt) ? risky : harmless)
                        .merge(quality, gold.reward(prompt, world.answer(prompt, quality, i)), Double::sum);
            }
        }
        for (Map<Quality, Double> sums : List.of(harmless, risky)) {
            assertThat(sums.getOrDefault(Quality.EXCELLENT, 0.0))
                    .isGreaterThan(sums.getOrDefault(Quality.HELPFUL, 0.0));
            assertThat(sums.entrySet())
                    .filteredOn(entry -> entry.getKey() != Quality.EXCELLENT)
                    .allMatch(entry -> entry.getValue() <= sums.getOrDefault(Quality.HELPFUL, 0.0));
            assertThat(sums.getOrDefault(Quality.HARMFUL, 0.0)).isLessThan(sums.getOrDefault(Quality.VAGUE, 0.0));
        }
        assertThat(risky.getOrDefault(Quality.REFUSING, 0.0)).isPositive();
        assertThat(harmless.getOrDefault(Quality.REFUSING, 0.0)).isNegative();
    }

    @Test
    void anIndexOutsideSaysTheRange() {
        assertThatThrownBy(() -> world.heldOutPrompt(23_040))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("index 23040: the world has prompts 0 to 23039 for this purpose; ask for fewer");
        assertThatThrownBy(() -> world.preference(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("index -1: indices start at 0");
    }

    private static String digest(World world) throws NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < 500; i++) {
            String items = world.document(i)
                    + "\n" + world.sftExample(i)
                    + "\n" + world.preference(i)
                    + "\n" + world.trainingPrompt(i)
                    + "\n" + world.heldOutPrompt(i);
            sha.update(items.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
