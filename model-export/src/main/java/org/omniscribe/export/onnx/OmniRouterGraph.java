package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.NetworkContext.BATCH;
import static org.omniscribe.export.onnx.NetworkContext.STEPS;

import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.Tensors;

/**
 * Writes an encoder of the {@link Architecture} family as an ONNX graph: the Omni-router network, its dense and
 * independently routed relatives, and the encoder of Whisper, dense or upcycled.
 *
 * <p>Inputs: {@code features} float[B,F,melBins], {@code lengths} int64[B], frames of each utterance, at most F; what lies
 * behind a length is not looked at. Outputs: {@code output_lengths} int64[B]; with a CTC head {@code log_probs} float[B,T,V],
 * where the architecture has phones {@code phone_log_probs} float[B,T,P]; where it has a decoder {@code encoded}
 * float[B,T,d], what the decoder reads; with a CTC head or a routed layer {@code expert_index} int32[L,B,T] and
 * {@code expert_prob} float[L,B,T]. T is {@link Architecture#steps} of F, but at least 1. Steps at or past the output length
 * have expert -1 with probability 0, and the rest of them is without meaning.
 *
 * <p>An expert computes only the steps that were routed to it. Utterances of a batch do not depend on each other.
 *
 * <p>A graph with state, of a network that does not look ahead, takes an utterance chunk by chunk: {@code features} are
 * those of the next whole steps (of the next whole attention chunks where attention is chunked), and further inputs hold
 * what was before them. {@code first_step} int64[1] counts the steps before. {@code past.L} float[B,P,2d] has for layer L
 * the keys and values of the last P steps, for all layers equally many; {@code past_convolution.L} float[B,K-1,d] what the
 * depthwise convolution of kernel K saw last; {@code past_frames} float[B,S/2+1,melBins] the last frames, where
 * convolutions shrink them S times. All are zeros in the beginning, and P is 0. Outputs {@code present.L} float[B,T,2d]
 * and {@code present_convolution.L} float[B,T,d] are what this chunk adds; whoever runs the graph keeps as many of the last
 * ones as are wanted. From the beginning, with nothing before it, it is the graph without state.
 */
public final class OmniRouterGraph {
    /** How weights lie in the file; the runtime computes with floats in all cases but the last. */
    public enum Precision {
        /** Single precision, exactly as trained. */
        FLOAT32,
        /** Half precision for matrices and kernels, except the routers: half the size. */
        FLOAT16,
        /**
         * Bytes with a scale for each output channel for the matrices of attention, convolution and experts, the rest as
         * in FLOAT16: a quarter of the size.
         */
        INT8,
        /**
         * Stored as INT8, and multiplied so: steps are rounded to bytes, each by its own scale, on their way into these
         * matrices.
         */
        INT8_DYNAMIC,
        /**
         * Half bytes with a scale for each 32 weights of a channel for the same matrices, the rest as in FLOAT16: an eighth
         * of the size.
         */
        INT4
    }

    /**
     * What is written of a network.
     *
     * @param precision how its weights are stored
     * @param plan which expert's weights do whose work; null for each its own
     * @param mode how the routers are used
     * @param state whether the graph keeps state between chunks
     * @param data where the weights go if not into the graph; null for the graph
     */
    public record Options(Precision precision, ExpertPlan plan, RoutingMode mode, boolean state, ExternalData data) {
        /** Checks that what must be there is there. */
        public Options {
            Objects.requireNonNull(precision, "precision");
            Objects.requireNonNull(mode, "mode");
        }

        /** The network as it was trained, as one file, without state. */
        public static Options of(Precision precision) {
            return new Options(precision, null, RoutingMode.TOP_ONE, false, null);
        }

        /** The network as bundles have it: as one file, with state where it {@linkplain OmniRouterGraph#streams can}. */
        public static Options bundle(Architecture architecture, Precision precision) {
            return of(precision).withState(streams(architecture));
        }

        /** With or without state. */
        public Options withState(boolean kept) {
            return new Options(precision, plan, mode, kept, data);
        }

        /**
         * With other experts or another use of the routers.
         *
         * @param experts which expert's weights do whose work; only those that it stores are parameters then
         * @param routers how the routers are used
         */
        public Options withExperts(ExpertPlan experts, RoutingMode routers) {
            return new Options(precision, experts, routers, state, data);
        }

        /**
         * With the weights in a file beside the graph, which may be larger than the two gigabytes that ONNX allows for one,
         * and which is written as the weights are read.
         *
         * @param out where the weights go; it is not closed
         * @param location the name that the file with them will have, beside the graph
         */
        public Options withWeightsBeside(OutputStream out, String location) {
            return new Options(precision, plan, mode, state, new ExternalData(out, location));
        }
    }

    private OmniRouterGraph() {}

    /**
     * Whether a network can keep state, so that it may hear an utterance chunk by chunk: it must not look ahead.
     *
     * @param architecture the network
     */
    public static boolean streams(Architecture architecture) {
        boolean frontEnd = architecture.subsampling() instanceof Subsampling.Stack
                || architecture.subsampling() instanceof Subsampling.Conv conv
                        && conv.firstStride() > 1
                        && conv.secondStride() > 1;
        return !(architecture.attention() instanceof Attention.Full) && frontEnd;
    }

    /**
     * Writes a network.
     *
     * @param architecture the network
     * @param parameters its parameters, named as in {@link OmniRouterParameters}; those of a decoder are left out
     * @param options what is written
     * @return the bytes of the ONNX file
     * @throws CheckpointException if parameters are missing, left over, of the wrong shape or not finite; all at once
     * @throws IllegalArgumentException if the graph is to keep state, but the network looks ahead
     * @throws UncheckedIOException if weights beside the graph cannot be written
     */
    public static byte[] write(Architecture architecture, Tensors parameters, Options options) {
        if (options.state() && !streams(architecture)) {
            throw new IllegalArgumentException("a network that looks ahead cannot keep state: " + architecture);
        }
        ExpertPlan plan = options.plan() == null ? ExpertPlan.trained(architecture) : options.plan();
        Tensors own = OmniRouterParameters.encoder(architecture, parameters);
        OmniRouterParameters.check(plan.shapes(architecture), OmniRouterParameters.optional(architecture), own);
        OnnxGraph graph = new OnnxGraph("omni_router", options.data());
        build(new NetworkContext(
                graph,
                architecture,
                own,
                new Matrices(graph, options.precision()),
                options.withExperts(plan, options.mode()),
                options.state() ? graph.input("first_step", INT64, Dim.ONE) : null));
        return graph.toBytes("omniscribe", "1", plan.unchanged() ? Map.of() : Map.of(ExpertPlan.KEY, plan.toJson()));
    }

    /** Bytes that the weights of a network take, near enough. */
    static long weightBytes(Architecture architecture, Precision precision) {
        long parameters = OmniRouterParameters.shapes(architecture).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
        return switch (precision) {
            case FLOAT32 -> 4 * parameters;
            case FLOAT16 -> 2 * parameters;
            case INT8, INT8_DYNAMIC -> parameters;
            case INT4 -> parameters * 5 / 8;
        };
    }

    private static void build(NetworkContext network) {
        Architecture architecture = network.architecture();
        int routings = network.options().mode() instanceof RoutingMode.Sampled sampled ? sampled.samples() : 1;
        FrontEndGraph.Steps steps = new FrontEndGraph(network).build();
        AttentionGraph attention = new AttentionGraph(network, steps.stream().inside());
        ConvolutionGraph convolution = new ConvolutionGraph(network);
        ExpertGraph experts = new ExpertGraph(network);
        ResidualStream stream = steps.stream();
        for (int layer = 0; layer < architecture.layers(); layer++) {
            stream = attention.layer(stream, layer);
            if (architecture.convKernel() > 0) {
                stream = convolution.layer(stream, layer);
            }
            if (layer == 0 && routings > 1) {
                stream = stream.part(routings);
            }
            stream = experts.layer(stream, layer);
        }
        ResidualStream.Normed top = stream.norm(network, "final.norm");
        if (architecture.vocabulary() > 0) {
            head(network, top, "head", "log_probs", architecture.vocabulary());
        }
        if (architecture.phones() > 0) {
            head(network, top, "phone_head", "phone_log_probs", architecture.phones());
        }
        OnnxGraph graph = network.graph();
        if (architecture.decoder() != null) {
            graph.output("encoded", top.stream().mean(top.value()), FLOAT, BATCH, STEPS, network.width());
        }
        graph.output("output_lengths", steps.lengths(), INT64, BATCH);
        if (architecture.traced()) {
            experts.trace();
        }
    }

    /** Log-probabilities of a head, which is never rounded to bytes; the mean over the routings, normalised anew. */
    private static void head(
            NetworkContext network, ResidualStream.Normed top, String name, String output, int tokens) {
        Value logProbs = network.matrices()
                .floatProduct(
                        top.value(),
                        name + ".weight",
                        network.parameters().read(name + ".weight").data())
                .add(network.tensor(name + ".bias"))
                .logSoftmax();
        ResidualStream stream = top.stream();
        Value mean = stream.routings() == 1 ? logProbs : stream.mean(logProbs).logSoftmax();
        network.graph().output(output, mean, FLOAT, BATCH, STEPS, Dim.of(tokens));
    }
}
