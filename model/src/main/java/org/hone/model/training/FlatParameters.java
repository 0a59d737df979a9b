package org.hone.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * A model's parameters moved into one flat fp32 tensor, and its gradients into another.
 *
 * <p>The sum over the ranks, clipping and AdamW then are one operation each instead of one a weight. The model
 * goes on with views of the flat memory; {@code backward()} adds into the flat gradients. Matrices come first,
 * then vectors (the norms' weights), because only matrices decay: [decayed | undecayed], each in the order in
 * which the model names them.
 */
public final class FlatParameters implements AutoCloseable {
    /**
     * The vectors begin at a multiple of this many elements, zeros between: then no run of elements that a rank works on
     * alone ends within a processor's vector, whose last elements may be rounded otherwise.
     */
    private static final long ALIGNMENT = 64;

    private final Map<String, Slot> slots;
    private final long decayedElements;
    private final Tensor parameters;
    private final Tensor gradients;
    private final List<Tensor> leaves;

    /**
     * One parameter's place.
     *
     * @param start its first element
     * @param shape its sizes
     */
    private record Slot(long start, List<Long> shape) {
        long[] sizes() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        long elements() {
            return shape.stream().reduce(1L, (product, size) -> product * size);
        }
    }

    /**
     * Moves a model's parameters; the model must not be trained by anyone else meanwhile.
     *
     * @param named the model's own leaf tensors by name, all fp32 on one device
     */
    public FlatParameters(Map<String, Tensor> named) {
        if (named.isEmpty()) {
            throw new IllegalArgumentException("parameters: a model without any cannot be trained");
        }
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        named.forEach((name, tensor) -> addWhere(tensor.rank() > 1, ordered, name, tensor));
        int matrices = ordered.size();
        named.forEach((name, tensor) -> addWhere(tensor.rank() <= 1, ordered, name, tensor));

        Device device = named.values().iterator().next().device();
        slots = new LinkedHashMap<>();
        leaves = new ArrayList<>(ordered.values());
        long start = 0;
        long decayed = 0;
        for (Map.Entry<String, Tensor> parameter : ordered.entrySet()) {
            check(parameter.getKey(), parameter.getValue(), device);
            List<Long> shape =
                    Arrays.stream(parameter.getValue().shape()).boxed().toList();
            slots.put(parameter.getKey(), new Slot(start, shape));
            start += parameter.getValue().elements();
            if (slots.size() == matrices) {
                start = (start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                decayed = start;
            }
        }
        decayedElements = decayed;
        long elements = start;
        parameters = Memory.tidy(
                () -> Tensors.zeros(DataType.FLOAT32, device, elements).keep());
        ordered.forEach(this::move);
        // only now: the memory that the weights came in is free
        gradients = Memory.tidy(
                () -> Tensors.zeros(DataType.FLOAT32, device, elements).keep());
        ordered.forEach((name, leaf) -> Memory.tidy(() -> leaf.setGradient(view(gradients, name))));
    }

    private static void addWhere(boolean wanted, Map<String, Tensor> target, String name, Tensor tensor) {
        if (wanted) {
            target.put(name, tensor);
        }
    }

    private static void check(String name, Tensor tensor, Device device) {
        if (tensor.dataType() != DataType.FLOAT32 || !tensor.device().equals(device)) {
            throw new IllegalArgumentException(name + ": found " + tensor.dataType() + " on " + tensor.device()
                    + ", expected FLOAT32 on " + device + "; load the model with that type on one device");
        }
    }

    private void move(String name, Tensor leaf) {
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor place = view(parameters, name);
            InPlace.copy(place, leaf.detach());
            InPlace.moveInto(leaf, place);
            leaf.requiresGradient(true);
        }));
    }

    /**
     * All parameters.
     *
     * @return [elements], fp32, owned by this object
     */
    public Tensor parameters() {
        return parameters;
    }

    /**
     * All gradients: the bucket that is summed over the ranks.
     *
     * @return [elements], fp32, owned by this object
     */
    public Tensor gradients() {
        return gradients;
    }

    /** Sets every gradient to zero, keeping the views that {@code backward()} adds into. */
    public void zeroGradients() {
        InPlace.zero(gradients);
    }

    /**
     * How many elements, from the first on, weight decay applies to.
     *
     * @return the elements of all matrices, and the zeros behind them
     */
    public long decayedElements() {
        return decayedElements;
    }

    /**
     * The names of the parameters.
     *
     * @return names in the order of their memory
     */
    public List<String> names() {
        return List.copyOf(slots.keySet());
    }

    /**
     * One parameter's part of a flat tensor: of the parameters, the gradients, or an optimiser's moments.
     *
     * @param flat [elements]
     * @param name the parameter
     * @return a view in the parameter's shape
     */
    public Tensor view(Tensor flat, String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("no parameter is called " + name + "; there are " + slots.keySet());
        }
        return Memory.tidy(() -> flat.narrow(0, slot.start(), slot.elements()).view(slot.sizes()));
    }

    /** Lets go of the flat memory; the model keeps its parameters, without gradients. */
    @Override
    public void close() {
        leaves.forEach(Tensor::clearGradient);
        gradients.close();
        parameters.close();
    }
}
