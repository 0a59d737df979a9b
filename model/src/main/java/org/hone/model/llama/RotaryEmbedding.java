package org.hone.model.llama;

import java.util.ArrayList;
import java.util.List;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Rotary position embeddings (RoPE, arXiv 2104.09864) with the scaling variants of Hugging Face's Llama.
 *
 * <p>Channel i &lt; D/2 and channel i + D/2 are turned as a pair by the angle position · θ^(−2i/D): the half-split layout of
 * Hugging Face weights, not the interleaved one of Meta's. Numbers are rounded to 32-bit floats where transformers rounds
 * them.
 *
 * <p>Differs from transformers in one thing: the dynamic variant is a function of the row's own length alone, where
 * transformers takes the padded length of the batch and remembers the longest that it has seen.
 */
final class RotaryEmbedding implements AutoCloseable {
    /** Cosines and sines, (T, 1, D), (B, T, 1, D) or (N, 1, D); the first half of the sines is negated, see {@link #rotate}. */
    record Angles(Tensor cosines, Tensor sines) {}

    private final LlamaConfig config;
    private final Device device;
    private final float[] inverseFrequencies;
    // Longer tables replace shorter ones; those are kept, because another thread may be reading them.
    private final List<Angles> tables = new ArrayList<>();

    RotaryEmbedding(LlamaConfig config, Device device) {
        this.config = config;
        this.device = device;
        this.inverseFrequencies = inverseFrequencies(config, config.contextLength());
    }

    /**
     * Angles of positions start … start + count − 1 in a sequence of that length in all.
     *
     * @param start first position
     * @param count how many
     * @param length tokens of the whole sequence; only the dynamic variant looks at it
     */
    Angles at(int start, int count, int length) {
        if (config.ropeScaling() instanceof RopeScaling.Dynamic && length > config.contextLength()) {
            return angles(inverseFrequencies(config, length), start, count);
        }
        Angles table = table(start + count);
        return new Angles(table.cosines().narrow(0, start, count), table.sines().narrow(0, start, count));
    }

    /**
     * Angles of any positions, (N, 1, D), in sequences that the dynamic variant does not stretch.
     *
     * @param positions (N)
     * @param longest above all of them
     */
    Angles at(int[] positions, int longest) {
        Angles table = at(0, longest, longest);
        Tensor rows = Tensors.of(positions).to(device);
        return new Angles(Indexing.indexSelect(table.cosines(), 0, rows), Indexing.indexSelect(table.sines(), 0, rows));
    }

    /** Angles of positions 0 … T − 1 of every row of a batch. */
    Angles of(TokenBatch batch) {
        boolean alike = !(config.ropeScaling() instanceof RopeScaling.Dynamic)
                || batch.rows() == 1
                || batch.length() <= config.contextLength();
        if (alike) {
            return at(0, batch.length(), batch.rows() == 1 ? batch.lengths()[0] : batch.length());
        }
        List<Tensor> cosines = new ArrayList<>();
        List<Tensor> sines = new ArrayList<>();
        for (int length : batch.lengths()) {
            Angles row = at(0, batch.length(), length);
            cosines.add(row.cosines());
            sines.add(row.sines());
        }
        return new Angles(Indexing.stack(cosines, 0), Indexing.stack(sines, 0));
    }

    /** Angles of packed tokens, (N, 1, D). The dynamic variant stretches each sequence by its own length. */
    Angles of(PackedBatch batch) {
        if (!(config.ropeScaling() instanceof RopeScaling.Dynamic) || batch.longest() <= config.contextLength()) {
            return at(batch.positions(), batch.longest());
        }
        List<Tensor> cosines = new ArrayList<>();
        List<Tensor> sines = new ArrayList<>();
        for (PackedBatch.Segment segment : batch.segments()) {
            Angles own = at(segment.prefixLength(), segment.length(), segment.sequenceLength());
            cosines.add(own.cosines());
            sines.add(own.sines());
        }
        return new Angles(Indexing.concatenate(cosines, 0), Indexing.concatenate(sines, 0));
    }

    /**
     * Turns queries or keys: (x₁, x₂) → (x₁ cos − x₂ sin, x₂ cos + x₁ sin). Rolling by half the channels gives (x₂, x₁), so
     * with the sines of the first half negated it is one product and one sum.
     *
     * @param x (…, heads, D)
     */
    static Tensor rotate(Tensor x, Angles angles) {
        Tensor swapped = Indexing.roll(x, x.size(-1) / 2, -1);
        return Elementwise.addProduct(x.mul(angles.cosines()), swapped, angles.sines());
    }

    private synchronized Angles table(int positions) {
        if (!tables.isEmpty()) {
            Angles longest = tables.get(tables.size() - 1);
            if (longest.cosines().size(0) >= positions) {
                return longest;
            }
        }
        int rows = Math.max(positions, Math.min(config.contextLength(), 2 * positions));
        Angles[] made = new Angles[1];
        Memory.tidy(() -> {
            made[0] = angles(inverseFrequencies, 0, rows);
            made[0].cosines().keep();
            made[0].sines().keep();
        });
        tables.add(made[0]);
        return made[0];
    }

    private Angles angles(float[] frequencies, int start, int count) {
        int half = frequencies.length;
        float[] cosines = new float[count * 2 * half];
        float[] sines = new float[count * 2 * half];
        for (int t = 0; t < count; t++) {
            int row = t * 2 * half;
            for (int i = 0; i < half; i++) {
                float angle = (start + t) * frequencies[i];
                float cosine = (float) StrictMath.cos(angle);
                float sine = (float) StrictMath.sin(angle);
                cosines[row + i] = cosine;
                cosines[row + half + i] = cosine;
                sines[row + i] = -sine;
                sines[row + half + i] = sine;
            }
        }
        return new Angles(toDevice(cosines, count), toDevice(sines, count));
    }

    private Tensor toDevice(float[] values, int count) {
        return Tensors.of(values, count, 1, config.headSize()).to(device);
    }

    Angles as(DataType dataType, Angles angles) {
        return dataType == DataType.FLOAT32
                ? angles
                : new Angles(angles.cosines().to(dataType), angles.sines().to(dataType));
    }

    /** θ^(−2i/D) for i below D/2, stretched for a sequence of the length. */
    static float[] inverseFrequencies(LlamaConfig config, int length) {
        RopeScaling scaling = config.ropeScaling();
        double base = config.ropeTheta();
        if (scaling instanceof RopeScaling.Dynamic dynamic) {
            double stretch = dynamic.factor() * Math.max(length, config.contextLength()) / config.contextLength()
                    - (dynamic.factor() - 1);
            base *= StrictMath.pow(stretch, config.headSize() / (config.headSize() - 2.0));
        }
        float[] frequencies = new float[config.headSize() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = 2f * i / config.headSize();
            frequencies[i] = 1f / (float) StrictMath.pow((float) base, exponent);
            if (scaling instanceof RopeScaling.Linear linear) {
                frequencies[i] /= (float) linear.factor();
            } else if (scaling instanceof RopeScaling.Llama3 llama3) {
                frequencies[i] = stretched(frequencies[i], llama3);
            }
        }
        return frequencies;
    }

    private static float stretched(float frequency, RopeScaling.Llama3 scaling) {
        float low = (float) scaling.lowFrequencyFactor();
        float high = (float) scaling.highFrequencyFactor();
        float wavelength = (float) (2 * Math.PI) / frequency;
        if (wavelength < scaling.originalContext() / high) {
            return frequency;
        }
        float divided = frequency / (float) scaling.factor();
        if (wavelength > scaling.originalContext() / low) {
            return divided;
        }
        float kept = (scaling.originalContext() / wavelength - low) / (high - low);
        return (1 - kept) * divided + kept * frequency;
    }

    @Override
    public synchronized void close() {
        for (Angles table : tables) {
            table.cosines().close();
            table.sines().close();
        }
        tables.clear();
    }
}
