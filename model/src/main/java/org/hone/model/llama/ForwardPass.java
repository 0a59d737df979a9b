package org.hone.model.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.hone.model.tensor.Autograd;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * One pass of packed tokens through a body, to be gone back through once a head has told the gradient of its loss.
 *
 * <p>Body and head are recorded apart. So the head may work out its gradient as it likes, the embedding's gradient is added
 * to the rows that were looked up instead of to the whole vocabulary, and blocks can be computed again on the way back
 * instead of being remembered (activation checkpointing, arXiv 1604.06174): then the memory of a pass is one hidden state a
 * block and the activations of one block.
 *
 * <p>Lives in the tidy region that it was made in.
 */
public final class ForwardPass {
    private final Tensor embedding;
    private final Tensor ids;
    private final List<Stretch> stretches = new ArrayList<>();
    private final Tensor hidden;

    /** A part of the body between two hidden states; the output has its graph, or none if it is to be computed again. */
    private record Stretch(Tensor input, Tensor output, UnaryOperator<Tensor> part) {}

    ForwardPass(Tensor embedding, Tensor ids, List<UnaryOperator<Tensor>> parts, boolean recompute) {
        this.embedding = embedding;
        this.ids = ids;
        Tensor x = Memory.withoutGradients(() -> Layers.embedding(embedding, ids));
        if (recompute) {
            for (UnaryOperator<Tensor> part : parts) {
                x = stretch(x, part, true);
            }
        } else {
            x = stretch(x, whole(parts), false);
        }
        this.hidden = x.detach();
    }

    private static UnaryOperator<Tensor> whole(List<UnaryOperator<Tensor>> parts) {
        return input -> {
            Tensor x = input;
            for (UnaryOperator<Tensor> part : parts) {
                Tensor before = x;
                // the graph keeps what the way back needs; our own handles would keep everything
                x = Memory.tidy(() -> part.apply(before));
            }
            return x;
        };
    }

    private Tensor stretch(Tensor x, UnaryOperator<Tensor> part, boolean recompute) {
        Tensor input = x.detach().requiresGradient(true);
        Tensor output = recompute
                ? Memory.withoutGradients(() -> Memory.tidy(() -> part.apply(input)))
                : Memory.tidy(() -> part.apply(input));
        stretches.add(new Stretch(input, output, part));
        return output;
    }

    /** {@return hidden states after the final norm, (N, H), cut off from what they were computed from} */
    public Tensor hidden() {
        return hidden;
    }

    /**
     * Adds the gradient of a loss to the gradients of the body's weights. May be called once.
     *
     * @param gradient of the loss by {@link #hidden}, (N, H)
     */
    public void backward(Tensor gradient) {
        Tensor towards = gradient;
        for (int i = stretches.size() - 1; i >= 0; i--) {
            Tensor after = towards;
            Stretch stretch = stretches.get(i);
            towards = Memory.tidy(() -> {
                Tensor output = stretch.output().requiresGradient()
                        ? stretch.output()
                        : stretch.part().apply(stretch.input());
                Autograd.backward(output, after);
                Tensor found = stretch.input().gradient();
                stretch.input().clearGradient();
                return found;
            });
            if (after != gradient) {
                // else there would be one a block until the pass is over
                after.close();
            }
        }
        if (embedding.requiresGradient()) {
            if (!embedding.hasGradient()) {
                embedding.setGradient(Tensors.zerosLike(embedding));
            }
            InPlace.addRows(embedding.gradient(), ids, towards);
        }
    }
}
