package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.NetworkContext.BATCH;
import static org.omniscribe.export.onnx.NetworkContext.STEPS;

import java.util.List;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** The depthwise convolution module between attention and experts, as in the Conformer. */
final class ConvolutionGraph {
    private final NetworkContext network;
    private final OnnxGraph graph;
    private final Architecture architecture;

    ConvolutionGraph(NetworkContext network) {
        this.network = network;
        this.graph = network.graph();
        this.architecture = network.architecture();
    }

    /** The stream with the output of a layer's module to be added. */
    ResidualStream layer(ResidualStream before, int layer) {
        String name = "layers." + layer + ".convolution";
        ResidualStream.Normed h = before.norm(network, name + ".norm");
        ResidualStream stream = h.stream();
        boolean parted = stream.routings() > 1;
        int kernel = architecture.convKernel();
        List<Value> halves = network.linear(h.value(), name + ".in").split(2);
        Value gated = halves.get(0).mul(halves.get(1).sigmoid()).mul(stream.insideFactor());
        // As an image of height 1, for which runtimes have a fast depthwise convolution.
        Value apart = parted ? gated.reshape(BATCH.times(Dim.of(stream.routings())), STEPS, network.width()) : gated;
        boolean full = architecture.attention() instanceof Attention.Full;
        long left = full ? kernel / 2 : kernel - 1;
        long right = full ? kernel / 2 : 0;
        if (network.stateful() && left > 0) {
            graph.output("present_convolution." + layer, gated, FLOAT, BATCH, STEPS, network.width());
            Value past = graph.input("past_convolution." + layer, FLOAT, BATCH, Dim.of(left), network.width());
            apart = graph.concat(1, List.of(past, gated)).as(BATCH, Dim.of("convolved"), network.width());
            left = 0;
        }
        Tensor weights = network.parameters().read(name + ".depthwise.weight");
        Value depthwise = network.matrices()
                .floats(name + ".depthwise.weight", new long[] {architecture.width(), 1, 1, kernel}, weights.data());
        Value filtered = apart.transpose(0, 2, 1)
                .unsqueeze(2)
                .conv(
                        depthwise,
                        network.tensor(name + ".depthwise.bias"),
                        new long[] {1, 1},
                        new long[] {0, left, 0, right},
                        architecture.width())
                .squeeze(2)
                .transpose(0, 2, 1);
        if (network.stateful()) {
            filtered = filtered.as(BATCH, STEPS, network.width());
        }
        Value activated = network.linear(filtered.mul(filtered.sigmoid()), name + ".out");
        return stream.plus(parted ? activated.reshape(BATCH, stream.rows(), network.width()) : activated);
    }
}
