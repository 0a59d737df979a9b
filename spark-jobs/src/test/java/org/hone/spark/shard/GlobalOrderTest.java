package org.hone.spark.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.hone.spark.fixture.Manifests;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class GlobalOrderTest {
    private static final ShardManifest MANIFEST = Manifests.of(23, 10);

    private static List<GlobalOrder.Place> epoch(GlobalOrder order, long epoch) {
        List<GlobalOrder.Place> places = new ArrayList<>();
        for (long step = epoch * order.stepsPerEpoch(); step < (epoch + 1) * order.stepsPerEpoch(); step++) {
            places.addAll(order.batch(step));
        }
        return places;
    }

    @Test
    void anEpochHasEveryRowOnce() {
        GlobalOrder order = new GlobalOrder(MANIFEST, 5, 4);
        assertThat(order.stepsPerEpoch()).isEqualTo(6);
        assertThat(order.batch(5)).hasSize(3);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<GlobalOrder.Place> places = epoch(order, epoch);
            assertThat(places).hasSize(23);
            assertThat(new HashSet<>(places)).hasSize(23);
        }
    }

    @Test
    void epochsAndSeedsDiffer() {
        GlobalOrder order = new GlobalOrder(MANIFEST, 5, 4);
        assertThat(epoch(order, 0)).isNotEqualTo(epoch(order, 1));
        assertThat(epoch(order, 0)).isNotEqualTo(epoch(new GlobalOrder(MANIFEST, 6, 4), 0));
    }

    @Test
    void aStepDoesNotDependOnTheStepsBefore() {
        GlobalOrder one = new GlobalOrder(MANIFEST, 5, 4);
        one.batch(0);
        assertThat(one.batch(7)).isEqualTo(new GlobalOrder(MANIFEST, 5, 4).batch(7));
    }

    @Test
    void anEpochReadsShardAfterShard() {
        List<Integer> shards = epoch(new GlobalOrder(MANIFEST, 5, 4), 1).stream()
                .map(GlobalOrder.Place::shard)
                .toList();
        long changes = 0;
        for (int i = 1; i < shards.size(); i++) {
            changes += shards.get(i).equals(shards.get(i - 1)) ? 0 : 1;
        }
        assertThat(changes).isEqualTo(2);
    }
}
