package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.INT64;

import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;

/**
 * What all parts of a network's graph share.
 *
 * @param graph the graph that they are written into
 * @param architecture the network
 * @param parameters its parameters
 * @param matrices how they are stored and multiplied with
 * @param options what is written
 * @param firstStep the session's step at which the features begin, [1]; null if the graph keeps no state
 */
record NetworkContext(
        OnnxGraph graph,
        Architecture architecture,
        Tensors parameters,
        Matrices matrices,
        OmniRouterGraph.Options options,
        Value firstStep) {
    /** Added to attention logits of what must not be seen: its exponential is 0, yet a row of nothing else stays finite. */
    static final float UNSEEN = -1e9f;

    static final Dim BATCH = Dim.of("batch");
    static final Dim FRAMES = Dim.of("frames");
    static final Dim STEPS = Dim.of("steps");
    static final Dim PAST = Dim.of("past");
    static final Dim KEYS = Dim.of("keys");

    Dim width() {
        return Dim.of(architecture.width());
    }

    boolean stateful() {
        return firstStep != null;
    }

    boolean has(String name) {
        return parameters.shapes().containsKey(name);
    }

    /** A linear layer, with its bias where it has one. */
    Value linear(Value x, String name) {
        Value product = product(matrices.operand(x), name);
        return has(name + ".bias") ? product.add(tensor(name + ".bias")) : product;
    }

    /** A linear layer without its bias. */
    Value product(Matrices.Operand x, String name) {
        return matrices.product(
                x, name + ".weight", parameters.read(name + ".weight").data());
    }

    /** A parameter that is stored as it is. */
    Value tensor(String name) {
        Tensor tensor = parameters.read(name);
        return graph.constant(name, tensor.shape(), tensor.data());
    }

    /** A kernel of a convolution, which is not rounded to bytes. */
    Value kernel(String name) {
        Tensor tensor = parameters.read(name);
        return matrices.floats(name, tensor.shape(), tensor.data());
    }

    /** Whether an index along an axis lies before a length: [B,size]. */
    Value before(Value lengths, Dim size) {
        return graph.range(INT64, size).unsqueeze(0).less(lengths.unsqueeze(1));
    }

    Value ceilDiv(Value numbers, long divisor) {
        return divisor == 1
                ? numbers
                : numbers.add(graph.scalar(INT64, divisor - 1)).div(graph.scalar(INT64, divisor));
    }
}
