package org.hone.model.llama;

import java.util.ArrayList;
import java.util.List;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Memory for keys and values: for every layer two tensors (rows, key-value heads, tokens, D). */
final class KeyValues implements AutoCloseable {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();

    KeyValues(LlamaConfig config, Device device, DataType dataType, int rows, int tokens) {
        Memory.tidy(() -> {
            for (int layer = 0; layer < config.layers(); layer++) {
                for (List<Tensor> kind : List.of(keys, values)) {
                    kind.add(Tensors.empty(dataType, device, rows, config.keyValueHeads(), tokens, config.headSize())
                            .keep());
                }
            }
        });
    }

    /** 16-bit attention is slow on processors, see {@link org.hone.model.tensor.Layers#attention}: 32 bits are kept there. */
    static DataType dataType(Tensor weight) {
        return weight.device().kind() == Device.Kind.CPU ? DataType.FLOAT32 : weight.dataType();
    }

    static long bytesPerToken(LlamaConfig config, DataType dataType) {
        return 2L * config.layers() * config.keyValueHeads() * config.headSize() * dataType.bytes();
    }

    Tensor keys(int layer, int start, long count) {
        return keys.get(layer).narrow(2, start, count);
    }

    Tensor values(int layer, int start, long count) {
        return values.get(layer).narrow(2, start, count);
    }

    /** Writes a layer's keys and values (rows, key-value heads, T, D) of tokens from a place on. */
    void write(int layer, int start, Tensor key, Tensor value) {
        long rows = key.size(0);
        long count = key.size(2);
        InPlace.copy(keys(layer, start, count).narrow(0, 0, rows), key);
        InPlace.copy(values(layer, start, count).narrow(0, 0, rows), value);
    }

    /** Copies tokens of the first rows from elsewhere. */
    void copy(KeyValues from, int fromStart, int toStart, int rows, int count) {
        Memory.tidy(() -> {
            for (int layer = 0; layer < keys.size(); layer++) {
                write(
                        layer,
                        toStart,
                        from.keys(layer, fromStart, count).narrow(0, 0, rows),
                        from.values(layer, fromStart, count).narrow(0, 0, rows));
            }
        });
    }

    /** Copies the tokens of one row over those of another. */
    void copyRow(int from, int to, int count) {
        Memory.tidy(() -> {
            for (int layer = 0; layer < keys.size(); layer++) {
                for (Tensor all : List.of(keys.get(layer), values.get(layer))) {
                    Tensor tokens = all.narrow(2, 0, count);
                    InPlace.copy(tokens.narrow(0, to, 1), tokens.narrow(0, from, 1));
                }
            }
        });
    }

    @Override
    public void close() {
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
    }
}
