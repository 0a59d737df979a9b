package org.hone.spark.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.spark.shard.GlobalOrder;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.TokenRow;

/**
 * The shards that the current step needs; the order goes through one after the other, so two are enough. So a rank holds
 * the tokens of two shards at most, each bounded by {@link org.hone.spark.shard.ShardTarget#maxShardBytes}.
 */
final class ShardWindow {
    static final int SHARDS_HELD = 2;

    private final ShardReader reader;
    private final Map<Integer, List<TokenRow>> held = new LinkedHashMap<>();

    ShardWindow(ShardReader reader) {
        this.reader = reader;
    }

    List<TokenRow> rows(List<GlobalOrder.Place> places) {
        List<TokenRow> rows = new ArrayList<>(places.size());
        for (GlobalOrder.Place place : places) {
            rows.add(shard(place.shard()).get(place.row()));
        }
        return rows;
    }

    /** Tokens in memory, four bytes each. */
    long tokensHeld() {
        return held.values().stream()
                .flatMap(List::stream)
                .flatMap(row -> row.tokens().stream())
                .mapToLong(ids -> ids.length)
                .sum();
    }

    private List<TokenRow> shard(int number) {
        List<TokenRow> rows = held.get(number);
        if (rows == null) {
            while (held.size() >= SHARDS_HELD) {
                held.remove(held.keySet().iterator().next());
            }
            rows = reader.read(number);
            held.put(number, rows);
        }
        return rows;
    }
}
