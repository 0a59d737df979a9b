package org.hone.spark.training;

import java.io.Serializable;
import org.hone.spark.shard.ShardManifest;

/**
 * Rows that are not trained on, by which a run is watched.
 *
 * @param shards folder of their token shards
 * @param manifest the shards' manifest
 * @param everySteps steps between two evaluations; there is one at the end in any case
 * @param keepBest whether the weights with the lowest loss on them become the model, and not the last ones
 */
public record Validation(String shards, ShardManifest manifest, int everySteps, boolean keepBest)
        implements Serializable {}
