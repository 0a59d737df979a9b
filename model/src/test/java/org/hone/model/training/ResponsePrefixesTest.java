package org.hone.model.training;

import java.util.List;
import org.hone.model.llama.PackedBatch;
import org.hone.model.loss.PrefixRanking;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ResponsePrefixesTest {
    private static ResponsePrefixes of(int[] chosen, int[] rejected) {
        return ResponsePrefixes.of(PackedBatch.ofGroups(List.of(List.of(chosen, rejected))));
    }

    @Test
    void aResponseThatHasEndedStandsStill() {
        // packed: 1 5 9 7 2 | 8 2, the second after the first's 1 5
        ResponsePrefixes prefixes = of(new int[] {1, 5, 9, 7, 2}, new int[] {1, 5, 8, 2});
        assertThat(prefixes.tokens()).as("the ends, then 9 7, then 8").containsExactly(4, 6, 2, 3, 5);
        assertThat(prefixes.chosen()).containsExactly(2, 3, 0);
        assertThat(prefixes.rejected()).containsExactly(4, 1, 1);
        assertThat(prefixes.weights()).containsExactly(1F / 3, 1F / 3, 1F / 3);
    }

    @Test
    void theSamePairsAreFoundWherePromptsAreStoredTwice() {
        PackedBatch apart = PackedBatch.of(List.of(new int[] {1, 5, 9, 7, 2}, new int[] {1, 5, 8, 2}));
        ResponsePrefixes prefixes = ResponsePrefixes.of(apart);
        assertThat(prefixes.tokens()).containsExactly(4, 8, 2, 3, 7);
        assertThat(prefixes.chosen()).containsExactly(2, 3, 0);
        assertThat(prefixes.rejected()).containsExactly(4, 1, 1);
    }

    @Test
    void pairsFollowEachOther() {
        ResponsePrefixes prefixes = ResponsePrefixes.of(PackedBatch.ofGroups(
                List.of(List.of(new int[] {1, 3}, new int[] {1, 4}), List.of(new int[] {6, 7}, new int[] {6, 8, 9}))));
        // packed: 1 3 | 4 | 6 7 | 8 9
        assertThat(prefixes.tokens()).containsExactly(1, 2, 4, 6, 5);
        assertThat(prefixes.chosen()).containsExactly(0, 2, 2);
        assertThat(prefixes.rejected()).containsExactly(1, 4, 3);
        assertThat(prefixes.weights()).containsExactly(1F, 0.5F, 0.5F);
    }

    @Test
    void equalResponsesAndBeginningsOfTheOtherAreComparedWhereTheyEnd() {
        ResponsePrefixes equal = of(new int[] {1, 5, 9}, new int[] {1, 5, 9});
        assertThat(equal.chosen()).containsExactly(0);
        assertThat(equal.rejected()).containsExactly(1);
        ResponsePrefixes cut = of(new int[] {1, 5, 9}, new int[] {1, 5});
        assertThat(cut.tokens()).as("9, the second 5, the first 5").containsExactly(2, 3, 1);
        assertThat(cut.chosen()).containsExactly(2, 0);
        assertThat(cut.rejected()).containsExactly(1, 1);
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> Memory.tidy(() ->
                        PrefixRanking.sum(Tensors.of(new float[] {1, 2}), new int[] {0}, new int[] {1}, new float[2])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "rewards [2], 1 beginnings of chosen and 1 of rejected responses do not belong to 2 weights");
    }
}
