package org.hone.data.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Properties of packed rows over random lengths, seeded; the smallest cases by hand. */
final class PackingTest {
    private static int[] lengths(Random random, int count, int maxLength) {
        // as in dialogues: many short ones, a few that fill a row
        return IntStream.range(0, count)
                .map(i -> (int) Math.min(maxLength, 1 + Math.exp(3 + 1.3 * random.nextGaussian())))
                .toArray();
    }

    private static void checkRows(List<int[]> rows, int[] lengths, int maxLength) {
        int[] seen = new int[lengths.length];
        for (int[] row : rows) {
            assertThat(row).isNotEmpty().isSorted();
            Arrays.stream(row).forEach(i -> seen[i]++);
            assertThat(Arrays.stream(row).map(i -> lengths[i]).sum()).isLessThanOrEqualTo(maxLength);
        }
        assertThat(seen).as("every example exactly once").containsOnly(1);
    }

    @Test
    void everyExampleIsInOneRowAndNoRowIsTooLong() {
        Random random = new Random(11);
        for (int trial = 0; trial < 200; trial++) {
            int maxLength = 1 + random.nextInt(500);
            int[] lengths = lengths(random, 1 + random.nextInt(300), maxLength);
            List<int[]> rows = BestFitDecreasing.pack(lengths, maxLength);
            checkRows(rows, lengths, maxLength);
            double fewest = Math.ceil(Arrays.stream(lengths).sum() / (double) maxLength);
            long halves = Arrays.stream(lengths)
                    .filter(length -> 2 * length > maxLength)
                    .count();
            assertThat(rows.size()).isGreaterThanOrEqualTo((int) Math.max(fewest, (double) halves));
            assertThat(BestFitDecreasing.pack(lengths, maxLength))
                    .usingRecursiveComparison()
                    .isEqualTo(rows);
        }
    }

    /** Full rows are cut at random, so the fewest rows that hold the pieces are known. */
    @Test
    void rowsAreAtMostElevenNinthsOfTheFewestAndOne() {
        Random random = new Random(12);
        double worst = 0;
        for (int trial = 0; trial < 200; trial++) {
            int maxLength = 20 + random.nextInt(480);
            int fewest = 1 + random.nextInt(60);
            List<Integer> pieces = new ArrayList<>();
            for (int row = 0; row < fewest; row++) {
                for (int left = maxLength; left > 0; ) {
                    int piece = Math.min(left, 1 + random.nextInt(maxLength));
                    pieces.add(piece);
                    left -= piece;
                }
            }
            java.util.Collections.shuffle(pieces, random);
            int[] lengths = pieces.stream().mapToInt(Integer::intValue).toArray();
            List<int[]> rows = BestFitDecreasing.pack(lengths, maxLength);
            checkRows(rows, lengths, maxLength);
            assertThat(rows.size()).isBetween(fewest, fewest * 11 / 9 + 1);
            worst = Math.max(worst, rows.size() / (double) fewest);
        }
        assertThat(worst).as("otherwise the cases were too easy").isGreaterThan(1);
    }

    /** By hand: 6 opens a row, 5 the next, 4 fills the first, 3 goes to 5, the other 3 opens a row, 2 fills the second. */
    @Test
    void theFullestRowThatFitsTakesTheNext() {
        assertThat(BestFitDecreasing.pack(new int[] {2, 3, 4, 5, 6, 3}, 10))
                .containsExactly(new int[] {2, 4}, new int[] {0, 1, 3}, new int[] {5});
    }

    @Test
    void aLengthThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> BestFitDecreasing.pack(new int[] {3, 11}, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("example 1 has 11 tokens; a packed row takes examples of 1 to 10:"
                        + " encode them with this maximal length");
        assertThatThrownBy(() -> BestFitDecreasing.pack(new int[] {0}, 10)).hasMessageContaining("has 0 tokens");
    }

    private static PackedExample example(Random random, String id, int length) {
        int prompt = random.nextInt(length);
        return new PackedExample(
                id,
                random.ints(prompt, 0, 100).toArray(),
                random.ints(length - prompt, 0, 100).toArray(),
                random.nextInt(3));
    }

    @Test
    void unpackedExamplesAreThoseThatWentIn() {
        Random random = new Random(13);
        for (int trial = 0; trial < 50; trial++) {
            int[] lengths = lengths(random, 100, 64);
            List<PackedExample> examples = IntStream.range(0, lengths.length)
                    .mapToObj(i -> example(random, "id-" + i, lengths[i]))
                    .toList();
            List<PackedExample> unpacked = new ArrayList<>();
            for (int[] indices : BestFitDecreasing.pack(lengths, 64)) {
                PackedRow row = PackedRow.of(
                        Arrays.stream(indices).mapToObj(examples::get).toList());
                checkDerived(row);
                unpacked.addAll(row.unpack());
            }
            assertThat(unpacked).containsExactlyInAnyOrderElementsOf(examples);
        }
    }

    /** A token's mask, position and example agree with those that the example has alone. */
    private static void checkDerived(PackedRow row) {
        int at = 0;
        int[] positions = row.positions();
        int[] segments = row.segments();
        boolean[] mask = row.lossMask();
        assertThat(positions.length).isEqualTo(row.tokens().length);
        List<PackedExample> examples = row.unpack();
        for (int e = 0; e < examples.size(); e++) {
            for (int i = 0; i < examples.get(e).length(); i++, at++) {
                assertThat(positions[at]).isEqualTo(i);
                assertThat(segments[at]).isEqualTo(e);
                assertThat(mask[at]).isEqualTo(i >= examples.get(e).prompt().length);
            }
        }
        assertThat(at).isEqualTo(row.tokens().length);
    }

    @Test
    void theSmallestRowByHand() {
        PackedRow row = PackedRow.of(List.of(
                new PackedExample("a", new int[] {1, 5}, new int[] {6, 2}, 0),
                new PackedExample("b", new int[] {1}, new int[] {7, 2}, 4)));
        assertThat(row.tokens()).containsExactly(1, 5, 6, 2, 1, 7, 2);
        assertThat(row.positions()).containsExactly(0, 1, 2, 3, 0, 1, 2);
        assertThat(row.segments()).containsExactly(0, 0, 0, 0, 1, 1, 1);
        assertThat(row.lossMask()).containsExactly(false, false, true, true, false, true, true);
        // printf '1:a1:b' | sha256sum | head -c 32
        assertThat(row.id()).isEqualTo("facdde7abf1eac5b301273ab2e282f79");
    }

    @Test
    void lengthsThatDoNotDescribeTheTokensAreRefused() {
        assertThatThrownBy(() -> new PackedRow(List.of("a"), new int[3], new int[] {1}, new int[] {1}, new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a packed row has 3 tokens, its lengths say 2; its shard was not written by Hone");
        assertThatThrownBy(() -> new PackedRow(List.of("a"), new int[2], new int[] {1}, new int[0], new int[] {0}))
                .hasMessageContaining("a packed row of 1 examples has 1 prompt lengths, 0 response lengths");
        assertThatThrownBy(() -> new PackedRow(List.of("a"), new int[2], new int[] {3}, new int[] {-1}, new int[] {0}))
                .hasMessageContaining("a length below 0");
    }

    @Test
    void aDocumentIsSplitWithoutLoss() {
        Random random = new Random(14);
        for (int trial = 0; trial < 300; trial++) {
            int[] text = random.ints(random.nextInt(400), 3, 100).toArray();
            int maxLength = 32 + random.nextInt(60);
            List<PackedExample> pieces = DocumentPieces.split("d", text, 1, 2, maxLength);
            List<Integer> joined = new ArrayList<>();
            for (PackedExample piece : pieces) {
                assertThat(piece.prompt()).containsExactly(1);
                assertThat(piece.length()).isLessThanOrEqualTo(maxLength);
                Arrays.stream(piece.response()).forEach(joined::add);
            }
            assertThat(joined.remove(joined.size() - 1)).isEqualTo(2);
            assertThat(joined.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(text);
            assertThat(pieces).extracting(PackedExample::id).doesNotHaveDuplicates();
            if (pieces.size() > 1) {
                assertThat(pieces.get(pieces.size() - 1).response().length)
                        .isGreaterThanOrEqualTo(DocumentPieces.SHORTEST_END);
            } else {
                assertThat(pieces.get(0).id()).isEqualTo("d");
            }
        }
    }
}
