package org.hone.model.loss;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * A vocabulary head and its cross-entropy in one: logits = h · Wᵀ, L = Σ −ln softmax(logits)[target], with the gradients
 * ∂L/∂logits = softmax(logits) − onehot(target), ∂L/∂h = ∂L/∂logits · W and ∂L/∂W = (∂L/∂logits)ᵀ · h.
 *
 * <p>Worked out for some tokens at a time, so the logits of a long batch (4,096 tokens of 32,000 pieces are half a
 * gigabyte) are never there together, and each is turned into its gradient where it lies. Legend: N tokens, H hidden size,
 * V vocabulary.
 */
public final class LinearCrossEntropy {
    /** Logits that are there at once: 256 tokens of a vocabulary of 32,000, 33 MB, about what a core's share of cache holds. */
    private static final long LOGITS = 256 * 32_000L;

    private final Tensor weight;
    private final DataType compute;

    /**
     * A head.
     *
     * @param weight W (V, H)
     * @param compute the type that matrices are multiplied in; the softmax is in single precision at least
     */
    public LinearCrossEntropy(Tensor weight, DataType compute) {
        this.weight = weight;
        this.compute = compute;
    }

    /**
     * How many tokens' logits are there together.
     *
     * @param vocabulary V
     * @return at least 1
     */
    public static long tokensAtOnce(long vocabulary) {
        return Math.max(1, LOGITS / vocabulary);
    }

    /**
     * What a batch gives.
     *
     * @param loss sum over the tokens, in nats
     * @param hiddenGradient scale · ∂L/∂h, (N, H)
     */
    public record Result(double loss, Tensor hiddenGradient) {}

    /**
     * Adds scale · ∂L/∂W to the weight's gradient, if it requires one.
     *
     * @param hidden h (N, H), N at least 1
     * @param targets (N) ids below V
     * @param scale what the gradients are multiplied by, such as one over the number of trained tokens of the global batch
     * @return the loss and its gradient
     */
    public Result backward(Tensor hidden, int[] targets, double scale) {
        return Memory.withoutGradients(() -> {
            Tensor gradient = Tensors.zerosLike(hidden);
            double loss = inPieces(
                    hidden,
                    targets,
                    piece -> backward(
                            piece,
                            scale,
                            gradient.narrow(0, piece.start(), piece.targets().size(0))));
            return new Result(loss, gradient);
        });
    }

    /**
     * The loss alone.
     *
     * @param hidden h (N, H), N at least 1
     * @param targets (N) ids below V
     * @return the sum over the tokens, in nats, to the bit what {@link #backward(Tensor, int[], double)} says
     */
    public double loss(Tensor hidden, int[] targets) {
        return Memory.withoutGradients(
                () -> inPieces(hidden, targets, piece -> loss(logProbabilities(piece), piece.targets())));
    }

    /**
     * Some of the tokens.
     *
     * @param start the first one's place
     * @param hidden h (n, H), in the type of the products
     * @param targets their targets' ids, (n, 1)
     * @param weight W (V, H), in the type of the products
     * @param room (n, V) for their log-probabilities
     */
    private record Piece(int start, Tensor hidden, Tensor targets, Tensor weight, Tensor room) {}

    /** Adds up over the tokens, some at a time; what is made for a piece is freed before the next. */
    private double inPieces(Tensor hidden, int[] targets, ToDoubleFunction<Piece> loss) {
        return Memory.tidy(() -> {
            int most = (int) Math.min(targets.length, tokensAtOnce(weight.size(0)));
            Tensor rounded = weight.to(compute);
            // Once for all pieces: glibc's arenas grow by 64 MiB, and map and unmap that for every block of this size.
            Tensor room = Tensors.empty(compute.atLeastSingle(), weight.device(), most, weight.size(0));
            double sum = 0;
            for (int start = 0; start < targets.length; start += most) {
                int from = start;
                int[] some = Arrays.copyOfRange(targets, start, Math.min(targets.length, start + most));
                sum += Memory.tidy(() -> {
                    Tensor h = hidden.narrow(0, from, some.length).to(compute);
                    return loss.applyAsDouble(
                            new Piece(from, h, indices(some, h), rounded, room.narrow(0, 0, some.length)));
                });
            }
            return sum;
        });
    }

    private static Tensor indices(int[] targets, Tensor hidden) {
        return Tensors.of(targets, targets.length, 1).to(hidden.device());
    }

    private static double loss(Tensor logProbabilities, Tensor indices) {
        return -Reductions.sum(Indexing.gather(logProbabilities, 1, indices).to(DataType.FLOAT64))
                .item();
    }

    private double backward(Piece piece, double scale, Tensor gradient) {
        Tensor logProbabilities = logProbabilities(piece);
        double loss = loss(logProbabilities, piece.targets());
        Tensor slope = InPlace.exp(logProbabilities);
        InPlace.addRows(
                slope.view(-1), flat(piece.targets(), slope.size(1)), minusOnes(piece.targets(), slope.dataType()));
        Tensor narrowed = slope.to(compute);
        InPlace.copy(gradient, Layers.matmul(narrowed, piece.weight()));
        InPlace.mul(gradient, scale);
        if (weight.requiresGradient()) {
            addWeightGradient(narrowed.transpose(0, 1), piece.hidden().mul(scale));
        }
        return loss;
    }

    /** Of a piece's tokens, in its room. */
    private Tensor logProbabilities(Piece piece) {
        Tensor room = piece.room();
        if (room.dataType() == compute) {
            InPlace.matmul(room, piece.hidden(), piece.weight().transpose(0, 1));
        } else {
            Memory.tidy(() -> InPlace.copy(room, Layers.linear(piece.hidden(), piece.weight())));
        }
        return InPlace.logSoftmax(room);
    }

    /** Where the targets' logits lie in (N · V). */
    private static Tensor flat(Tensor indices, long vocabulary) {
        Tensor rows = Tensors.range(0, indices.size(0), indices.device()).mul((double) vocabulary);
        return rows.add(indices.view(-1));
    }

    private static Tensor minusOnes(Tensor indices, DataType dataType) {
        return Tensors.full(-1.0, dataType, indices.device(), indices.size(0));
    }

    private void addWeightGradient(Tensor slope, Tensor h) {
        if (!weight.hasGradient()) {
            weight.setGradient(Tensors.zerosLike(weight));
        }
        if (compute == weight.dataType()) {
            InPlace.addMatmul(weight.gradient(), slope, h);
        } else {
            InPlace.add(weight.gradient(), Layers.matmul(slope, h));
        }
    }
}
