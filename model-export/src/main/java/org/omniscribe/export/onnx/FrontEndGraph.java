package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.NetworkContext.BATCH;
import static org.omniscribe.export.onnx.NetworkContext.FRAMES;
import static org.omniscribe.export.onnx.NetworkContext.STEPS;

import java.util.List;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;

/** From frames to the steps that go into the first layer, their places included. */
final class FrontEndGraph {
    private final NetworkContext network;
    private final OnnxGraph graph;
    private final Architecture architecture;

    FrontEndGraph(NetworkContext network) {
        this.network = network;
        this.graph = network.graph();
        this.architecture = network.architecture();
    }

    /**
     * Steps, and how many of them each utterance has.
     *
     * @param stream the steps
     * @param lengths int64[B]
     */
    record Steps(ResidualStream stream, Value lengths) {}

    /** Adds the inputs and this part of the graph. */
    Steps build() {
        Value features = graph.input("features", FLOAT, BATCH, FRAMES, Dim.of(architecture.melBins()));
        Value lengths = graph.input("lengths", INT64, BATCH);
        Value framesInside = network.before(lengths, FRAMES).unsqueeze(2);
        Value clean = framesInside.choose(features, graph.scalar(0f));
        Value x;
        Value outputLengths;
        if (architecture.subsampling() instanceof Subsampling.Conv conv) {
            x = convolve(clean, lengths, conv);
            outputLengths = network.ceilDiv(network.ceilDiv(lengths, conv.firstStride()), conv.secondStride());
        } else {
            x = architecture.subsampling() instanceof Subsampling.Stack ? stack(clean) : whisperStem(clean, lengths);
            outputLengths = network.ceilDiv(lengths, architecture.stacking());
        }
        Value inside = network.before(outputLengths, STEPS);
        return new Steps(ResidualStream.of(placed(x), inside), outputLengths);
    }

    private Value placed(Value x) {
        if (architecture.position() instanceof Position.Sinusoid) {
            return x.add(sinusoids());
        }
        if (architecture.position() instanceof Position.WhisperSinusoid position) {
            int most = Position.WhisperSinusoid.MAX_STEPS;
            Value table = position.stored()
                    ? network.tensor("position.weight")
                    : graph.constant(
                            "positions",
                            new long[] {most, architecture.width()},
                            Position.WhisperSinusoid.table(most, architecture.width()));
            return x.add(table.gather(graph.range(INT64, STEPS), 0));
        }
        return x;
    }

    /** Frames side by side, behind the last ones zeros up to a whole and at least one step. */
    private Value stack(Value features) {
        int stacking = architecture.stacking();
        Value frames = features.sizeOf(1);
        Value steps = network.ceilDiv(frames, stacking).max(graph.sizes(Dim.list(1)));
        graph.define(STEPS, steps);
        Value padded =
                padFrames(features, steps.mul(graph.sizes(Dim.list(stacking))).sub(frames));
        Dim bins = Dim.of(architecture.melBins());
        Value side = padded.as(BATCH, STEPS.times(Dim.of(stacking)), bins)
                .reshape(BATCH, STEPS, Dim.of((long) stacking * architecture.melBins()));
        return network.linear(side, "input.linear");
    }

    private Value padFrames(Value features, Value behind) {
        Value zero = graph.sizes(Dim.list(0));
        return features.pad(graph.concat(0, List.of(zero, zero, zero, zero, behind, zero)));
    }

    /** The features with a frame at least: a convolution cannot take an empty axis. */
    private Value someFrames(Value features, Dim someFrames) {
        Value one = graph.sizes(Dim.list(1));
        return padFrames(features, one.sub(features.sizeOf(1).min(one)))
                .as(BATCH, someFrames, Dim.of(architecture.melBins()));
    }

    /** Two convolutions over time, each with GELU; frames behind an utterance are what they are padded with. */
    private Value whisperStem(Value features, Value lengths) {
        Dim someFrames = Dim.of("some_frames");
        Value padded = someFrames(features, someFrames);
        graph.define(STEPS, network.ceilDiv(graph.sizes(List.of(someFrames)), 2));
        Value framesInside = network.before(lengths, someFrames).cast(FLOAT).unsqueeze(1);
        Value first = overTime(padded.transpose(0, 2, 1), "input.conv0", 1)
                .as(BATCH, network.width(), someFrames)
                .gelu()
                .mul(framesInside);
        Value second = overTime(first, "input.conv1", 2)
                .as(BATCH, network.width(), STEPS)
                .gelu();
        return second.transpose(0, 2, 1);
    }

    private Value overTime(Value x, String name, long stride) {
        return x.conv(
                network.kernel(name + ".weight"),
                network.tensor(name + ".bias"),
                new long[] {stride},
                new long[] {1, 1},
                1);
    }

    /** Two convolutions that shrink time and bins, and a linear layer over what is left of each step. */
    private Value convolve(Value features, Value lengths, Subsampling.Conv conv) {
        int stride = conv.firstStride();
        int secondStride = conv.secondStride();
        Dim channels = Dim.of(conv.channels());
        Dim someFrames = conv.frames() == 1 ? STEPS : Dim.of("some_frames");
        Dim halfWay = stride == 1 ? someFrames : secondStride == 1 ? STEPS : Dim.of("half_way");
        Value one = graph.sizes(Dim.list(1));
        Value padded = someFrames(features, someFrames);
        // Worked out from the frames: a runtime fuses a convolution with what follows only if nothing else asks for it.
        Value half = network.ceilDiv(graph.sizes(List.of(someFrames)), stride);
        if (stride > 1) {
            graph.define(halfWay, half);
        }
        if (!halfWay.equals(STEPS)) {
            graph.define(STEPS, network.ceilDiv(half, secondStride));
        }
        Dim halves = halfWay;
        if (network.stateful()) {
            halves = Dim.of("halves");
            graph.define(halves, half.add(one));
        }
        Value first = firstConvolution(padded, stride);
        first = first.as(BATCH, channels, halves, first.dim(3)).relu();
        Value halfLengths = network.ceilDiv(lengths, stride);
        Value halvesInside = network.before(halfLengths, halves);
        if (network.stateful()) {
            halvesInside = network.before(halfLengths.add(one), halves)
                    .and(one.lessOrEqual(graph.range(INT64, halves).add(network.firstStep()))
                            .unsqueeze(0));
        }
        first = first.mul(halvesInside.cast(FLOAT).unsqueeze(1, 3));
        Value second = first.conv(
                network.kernel("input.conv1.weight"),
                network.tensor("input.conv1.bias"),
                new long[] {secondStride, 2},
                new long[] {network.stateful() ? 0 : 1, 1, 1, 1},
                1);
        Dim rows = second.dim(3);
        second = second.as(BATCH, channels, STEPS, rows).relu();
        second = second.mul(network.before(network.ceilDiv(halfLengths, secondStride), STEPS)
                .cast(FLOAT)
                .unsqueeze(1, 3));
        return network.linear(second.transpose(0, 2, 1, 3).reshape(BATCH, STEPS, channels.times(rows)), "input.linear");
    }

    /** The first convolution; with state it sees half a step before the first one, which the second reaches back to. */
    private Value firstConvolution(Value padded, int stride) {
        Value seen = padded;
        if (network.stateful()) {
            Value past = graph.input("past_frames", FLOAT, BATCH, Dim.of(stride + 1L), Dim.of(architecture.melBins()));
            seen = graph.concat(1, List.of(past, padded))
                    .as(BATCH, Dim.of("seen_frames"), Dim.of(architecture.melBins()));
        }
        return seen.unsqueeze(1)
                .conv(
                        network.kernel("input.conv0.weight"),
                        network.tensor("input.conv0.bias"),
                        new long[] {stride, 2},
                        new long[] {network.stateful() ? 0 : 1, 1, 1, 1},
                        1);
    }

    /** sin(t f_i + phase_i): [T,d]. */
    private Value sinusoids() {
        int d = architecture.width();
        float[] frequencies = new float[d];
        float[] phases = new float[d];
        for (int i = 0; i < d; i++) {
            frequencies[i] = (float) Math.exp(-2.0 * (i / 2) * Math.log(1e4) / d);
            phases[i] = (float) (i % 2 == 0 ? 0 : Math.PI / 2);
        }
        Value steps = graph.range(INT64, STEPS);
        Value time = (network.stateful() ? steps.add(network.firstStep()) : steps)
                .cast(FLOAT)
                .unsqueeze(1);
        return time.mul(graph.constant("frequencies", new long[] {d}, frequencies))
                .add(graph.constant("phases", new long[] {d}, phases))
                .sin();
    }
}
