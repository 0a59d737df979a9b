package org.hone.data.curation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

final class NearDuplicateArithmeticTest {
    private static long[] set(JsonNode passages, int width) {
        Shingles shingles = new Shingles(width);
        CurationReference.passages(passages).forEach(shingles::add);
        return shingles.take();
    }

    @Test
    void similaritiesAreThoseOfSetsOfStrings() {
        for (JsonNode pair : CurationReference.read("similarities")) {
            int width = pair.get("width").intValue();
            long[] one = set(pair.get("one"), width);
            long[] other = set(pair.get("other"), width);
            assertThat(one).hasSize(pair.get("sizes").get(0).intValue());
            assertThat(other).hasSize(pair.get("sizes").get(1).intValue());
            assertThat(Jaccard.of(one, other)).isEqualTo(pair.get("similarity").doubleValue());
        }
    }

    @Test
    void rowsAreAsSimilarAsTheirLeastSimilarParts() {
        int lower = 0;
        for (JsonNode pair : CurationReference.read("similarities")) {
            Shingles shingles = new Shingles(pair.get("width").intValue());
            RowShingles one = RowShingles.of(CurationReference.passages(pair.get("one")), shingles);
            RowShingles other = RowShingles.of(CurationReference.passages(pair.get("other")), shingles);
            double expected = pair.get("by_parts").doubleValue();
            assertThat(one.similarity(other)).isEqualTo(expected);
            assertThat(RowShingles.unpack(one.pack()).similarity(RowShingles.unpack(other.pack())))
                    .isEqualTo(expected);
            // what finds candidates by the whole row relies on this
            assertThat(expected).isLessThanOrEqualTo(pair.get("similarity").doubleValue());
            lower += expected < pair.get("similarity").doubleValue() ? 1 : 0;
        }
        assertThat(lower).isGreaterThan(30);
    }

    @Test
    void partsWithoutWordsTellNothing() {
        Shingles shingles = new Shingles(3);
        Passage asked = new Passage(Passage.Kind.USER, "which of them is it");
        RowShingles wordless = RowShingles.of(List.of(asked, new Passage(Passage.Kind.RESPONSE, ":-)")), shingles);
        RowShingles other = RowShingles.of(List.of(asked, new Passage(Passage.Kind.RESPONSE, "?!")), shingles);
        RowShingles word = RowShingles.of(List.of(asked, new Passage(Passage.Kind.RESPONSE, "this")), shingles);
        RowShingles nothing = RowShingles.of(List.of(new Passage(Passage.Kind.DOCUMENT, "...")), shingles);
        assertThat(wordless.similarity(other)).isEqualTo(1);
        assertThat(wordless.similarity(word)).isZero();
        assertThat(nothing.similarity(nothing)).isZero();
        RowShingles prompt = RowShingles.of(List.of(asked), shingles);
        assertThatThrownBy(() -> wordless.similarity(prompt))
                .hasMessage("rows of 2 and 1 parts cannot be compared; compare rows of one table");
    }

    @Test
    void aWrongWidthIsNoticed() {
        long different = StreamSupport.stream(
                        CurationReference.read("similarities").spliterator(), false)
                .filter(pair -> set(pair.get("one"), pair.get("width").intValue() + 1).length
                        != pair.get("sizes").get(0).intValue())
                .count();
        assertThat(different).isGreaterThan(30);
    }

    @Test
    void bandsAndSketchesAreThoseOfTheSecondImplementation() {
        MinHash minHash = new MinHash(new Banding(5, 3));
        for (JsonNode expected : CurationReference.read("min_hashes")) {
            long[] set = StreamSupport.stream(expected.get("set").spliterator(), false)
                    .mapToLong(JsonNode::longValue)
                    .toArray();
            minHash.read(set);
            assertThat(minHash.bands())
                    .containsExactly(StreamSupport.stream(expected.get("bands").spliterator(), false)
                            .mapToLong(JsonNode::longValue)
                            .toArray());
            assertThat(minHash.sketch()).isEqualTo(expected.get("sketch").longValue());
        }
    }

    /** 200 pairs of sets with 200 shared of 300 members: similarity 0.5 each. */
    @Test
    void bandsAgreeAsOftenAsSetsAreSimilar() {
        SplittableRandom random = new SplittableRandom(5);
        MinHash minHash = new MinHash(new Banding(100, 1));
        int equal = 0;
        int bits = 0;
        for (int pair = 0; pair < 200; pair++) {
            long[] all = random.longs(400).toArray();
            minHash.read(Arrays.copyOfRange(all, 0, 300));
            long[] bands = minHash.bands();
            long sketch = minHash.sketch();
            minHash.read(Arrays.copyOfRange(all, 100, 400));
            for (int band = 0; band < 100; band++) {
                equal += bands[band] == minHash.bands()[band] ? 1 : 0;
            }
            bits += Long.bitCount(sketch ^ minHash.sketch());
        }
        // 20,000 draws with probability 1/2, 12,800 with 1/4: four standard deviations
        assertThat(equal / 20_000.0).isCloseTo(0.5, within(0.0142));
        assertThat(bits / 12_800.0).isCloseTo(0.25, within(0.0154));
    }

    @Test
    void bandingFindsWhatIsJustSimilarEnough() {
        for (double threshold : new double[] {0.5, 0.7, 0.8, 0.9}) {
            Banding banding = Banding.of(threshold, 0.99, 128);
            assertThat(banding.candidates(threshold)).isBetween(0.99, 1.0);
            assertThat(banding.bands() * banding.rows()).isLessThanOrEqualTo(128);
        }
        // 1 − (1 − 0.8^6)^16, by hand
        assertThat(Banding.of(0.8, 0.99, 128)).isEqualTo(new Banding(16, 6));
        assertThat(new Banding(16, 6).candidates(0.8)).isCloseTo(0.99228, within(1e-5));
        assertThat(Banding.of(1, 0.99, 128)).isEqualTo(new Banding(1, 128));
    }

    @Test
    void tooFewHashesAreRefused() {
        assertThatThrownBy(() -> Banding.of(0.3, 0.999, 16))
                .hasMessage("similarity 0.3 with recall 0.999 needs more than 16 min-hashes; raise hashes, or lower "
                        + "recall");
        assertThatThrownBy(() -> new MinHash(new Banding(1, 1)).read(new long[0]))
                .hasMessage("a set without shingles has no first one; leave such a row out");
        assertThatThrownBy(() -> new Shingles(0)).hasMessage("words in a shingle: got 0, expected at least 1");
    }

    /** scipy.stats.binom(64, 0.1).isf(1e-4) = 17 and binom(64, 0.25).isf(1e-4) = 30. */
    @Test
    void sketchesOfSimilarSetsAreRarelyFurtherApart() {
        assertThat(MinHash.sketchDistance(0.8)).isEqualTo(17);
        assertThat(MinHash.sketchDistance(0.5)).isEqualTo(30);
        assertThat(MinHash.sketchDistance(1)).isZero();
    }

    @Test
    void emptySetsAreNotAlike() {
        long[] set = {Long.MIN_VALUE, -1, 0, 7, Long.MAX_VALUE};
        assertThat(Jaccard.of(set, set)).isEqualTo(1);
        assertThat(Jaccard.of(new long[0], new long[0])).isZero();
    }
}
