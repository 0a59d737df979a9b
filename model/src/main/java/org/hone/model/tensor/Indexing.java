package org.hone.model.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import static org.hone.model.tensor.Native.call;
import static org.hone.model.tensor.Native.op;
import static org.hone.model.tensor.Native.vector;

/** Picking, joining and repeating. */
public final class Indexing {
    private Indexing() {}

    /**
     * Puts tensors one after another along a dimension.
     *
     * @param tensors at least one, alike but in that dimension
     * @param dimension along which
     * @return their elements
     */
    public static Tensor concatenate(List<Tensor> tensors, int dimension) {
        return op(() -> torch.cat(vector(tensors), dimension));
    }

    /**
     * Cuts a tensor along a dimension. Going back through it, the pieces' gradients are put together once, where as many
     * {@link Tensor#narrow}s would each make a whole tensor of zeros.
     *
     * @param x what to cut
     * @param lengths of the pieces; together the dimension's length
     * @param dimension along which
     * @return views, one a length
     */
    public static List<Tensor> split(Tensor x, long[] lengths, long dimension) {
        return call(() -> {
            TensorVector pieces = torch.split_with_sizes(x.handle(), lengths, dimension);
            List<Tensor> split = new ArrayList<>(lengths.length);
            for (int i = 0; i < lengths.length; i++) {
                split.add(Tensor.wrap(new org.bytedeco.pytorch.Tensor(pieces.get(i))));
            }
            return split;
        });
    }

    /**
     * Puts tensors one after another along a new dimension.
     *
     * @param tensors at least one, all of one shape
     * @param dimension where the new dimension comes
     * @return their elements
     */
    public static Tensor stack(List<Tensor> tensors, int dimension) {
        return op(() -> torch.stack(vector(tensors), dimension));
    }

    /**
     * Picks whole slices of a dimension.
     *
     * @param x picked from
     * @param dimension along which
     * @param indices which, a list of integers
     * @return the slices in the order of the indices
     */
    public static Tensor indexSelect(Tensor x, int dimension, Tensor indices) {
        return op(() -> x.handle().index_select(dimension, indices.handle()));
    }

    /**
     * Picks one element for every index.
     *
     * @param x picked from
     * @param dimension which dimension the indices are of
     * @param indices 64-bit integers, of the rank of x
     * @return the elements, in the shape of the indices
     */
    public static Tensor gather(Tensor x, int dimension, Tensor indices) {
        return op(() -> x.handle().gather(dimension, indices.handle()));
    }

    /**
     * Repeats every slice of a dimension.
     *
     * @param x the operand
     * @param times how often
     * @param dimension which
     * @return a copy with every slice that many times in a row
     */
    public static Tensor repeatInterleave(Tensor x, long times, int dimension) {
        return op(() -> torch.repeat_interleave(x.handle(), times, new LongOptional(dimension), new LongOptional()));
    }

    /**
     * Turns a dimension round: what leaves at the end comes in at the start.
     *
     * @param x the operand
     * @param shift by how much
     * @param dimension which
     * @return a copy with element i at i + shift
     */
    public static Tensor roll(Tensor x, long shift, int dimension) {
        return op(() -> torch.roll(x.handle(), new long[] {shift}, dimension));
    }
}
