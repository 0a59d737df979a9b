package org.hone.spark.shard;

import java.util.ArrayList;
import java.util.List;
import org.hone.model.random.Permutation;
import org.hone.model.random.Seeds;

/**
 * Which row is in which step: a function of (seed, epoch, step) alone, never of the number of ranks. In
 * every epoch the shards are permuted, and the rows within each shard; a batch takes the next rows of that
 * order, so a rank that follows it holds one shard at a time.
 */
public final class GlobalOrder {
    private final ShardManifest manifest;
    private final long seed;
    private final int batchSize;

    /**
     * The order of a folder's rows.
     *
     * @param manifest the folder's manifest
     * @param seed the seed
     * @param batchSize rows a step
     */
    public GlobalOrder(ShardManifest manifest, long seed, int batchSize) {
        this.manifest = manifest;
        this.seed = seed;
        this.batchSize = batchSize;
    }

    /**
     * A row's place in the shards.
     *
     * @param shard the shard's number
     * @param row the row's number in the shard
     */
    public record Place(int shard, int row) {}

    /**
     * Steps of one pass over the rows; the last one may have fewer rows.
     *
     * @return the number of steps
     */
    public long stepsPerEpoch() {
        return (manifest.rows() + batchSize - 1) / batchSize;
    }

    /**
     * The rows of a step.
     *
     * @param step the step, from 0, over all epochs
     * @return their places, in order
     */
    public List<Place> batch(long step) {
        long epoch = step / stepsPerEpoch();
        long first = step % stepsPerEpoch() * batchSize;
        long end = Math.min(first + batchSize, manifest.rows());
        int[] shards = Permutation.of(manifest.shards().size(), Seeds.mix(seed, epoch));
        List<Place> places = new ArrayList<>();
        long start = 0;
        for (int shard : shards) {
            int rows = manifest.shards().get(shard).rows();
            if (start + rows > first && start < end) {
                int[] order = Permutation.of(rows, Seeds.mix(seed, epoch, shard));
                for (long i = Math.max(first, start); i < Math.min(end, start + rows); i++) {
                    places.add(new Place(shard, order[(int) (i - start)]));
                }
            }
            start += rows;
        }
        return places;
    }
}
