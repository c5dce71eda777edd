package org.omniscribe.export.compress;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.NativeCalls;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.RoutingMode.Observed;

/**
 * Runs a model and tells not only what it says but what its routers and experts do. A network whose weights cannot be read back
 * tells the experts chosen and their probabilities only. Not thread-safe.
 */
public final class ExpertProbe implements AutoCloseable {
    /** Longer recordings are cut, as the model was trained on utterances; seconds. */
    private static final int MAX_SECONDS = 20;

    private final Architecture architecture;
    private final LogMelFrontEnd frontEnd;
    private final OrtEnvironment environment = AcousticModel.environment();
    private final OrtSession session;
    private final boolean distributions;
    private final boolean outputs;
    private final Optional<String> warning;

    private ExpertProbe(ModelBundle bundle, byte[] network, Observed observed, int threads, String warning) {
        this.architecture = bundle.architecture();
        this.frontEnd = new LogMelFrontEnd(bundle.manifest().features());
        this.distributions = observed != null;
        this.outputs = observed != null && observed.outputs();
        this.warning = Optional.ofNullable(warning);
        NativeCalls.enter();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(network, options);
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            NativeCalls.leave();
        }
    }

    private static ModelException failure(OrtException e) {
        return new ModelException(
                "the experts cannot be watched: the network fails (" + e.getMessage() + "). Export the model again.",
                e);
    }

    /**
     * Opens a model to see its routing.
     *
     * @param threads processor threads, at least 1
     * @throws ModelException if the network cannot be loaded
     */
    public static ExpertProbe ofRouting(ModelBundle bundle, int threads) {
        Observed observed = new Observed(false);
        try {
            return new ExpertProbe(bundle, BundleNetwork.read(bundle).write(observed), observed, threads, null);
        } catch (CheckpointException e) {
            return new ExpertProbe(bundle, bundle.network(), null, threads, e.getMessage());
        }
    }

    /**
     * Opens a model to see its routing and what all its experts would make of every step, which takes several times as long.
     *
     * @param network the network of the bundle
     * @param threads processor threads, at least 1
     * @throws ModelException if the network cannot be loaded
     */
    public static ExpertProbe ofOutputs(ModelBundle bundle, BundleNetwork network, int threads) {
        Observed observed = new Observed(true);
        return new ExpertProbe(bundle, network.write(observed), observed, threads, null);
    }

    /** Why the whole distributions of the routers are not to be had; empty if they are. */
    public Optional<String> warning() {
        return warning;
    }

    /**
     * What was seen of one piece of sound.
     *
     * @param logProbs {@code [step][token]}, natural logarithms
     * @param phoneLogProbs {@code [step][phone]}; empty if the model has no phones
     * @param routing the experts chosen
     * @param probabilities {@code [layer][step][expert]}, the routers' whole distributions; null for a layer without a router,
     *     and for all where they are not to be had
     * @param products {@code [layer][step][i][j]}, dot products of the layer's input to the experts' branch (0) and the outputs
     *     of its experts (1 + their number); null where they were not asked for, and for a layer without a router
     */
    public record Observation(
            float[][] logProbs,
            float[][] phoneLogProbs,
            RoutingTrace routing,
            float[][][] probabilities,
            float[][][][] products) {}

    /**
     * Runs the model.
     *
     * @param samples mono at 16 kHz, of any length
     * @return one observation for each {@value #MAX_SECONDS} s begun; none for no samples
     * @throws ModelException if the network fails
     */
    public List<Observation> observe(float[] samples) {
        List<Observation> observations = new ArrayList<>();
        int most = MAX_SECONDS * AudioClip.SAMPLE_RATE;
        for (int from = 0; from < samples.length; from += most) {
            float[][] features =
                    frontEnd.features(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + most)));
            if (features.length > 0) {
                observations.add(run(features));
            }
        }
        return observations;
    }

    private Observation run(float[][] features) {
        int bins = architecture.melBins();
        float[] flat = new float[features.length * bins];
        for (int t = 0; t < features.length; t++) {
            System.arraycopy(features[t], 0, flat, t * bins, bins);
        }
        NativeCalls.enter();
        try (OnnxTensor x = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(flat), new long[] {1, features.length, bins});
                OnnxTensor lengths = OnnxTensor.createTensor(environment, new long[] {features.length});
                OrtSession.Result result = session.run(Map.of("features", x, "lengths", lengths))) {
            int layers = architecture.layers();
            int[][][] expert = (int[][][]) value(result, "expert_index");
            float[][][] probability = (float[][][]) value(result, "expert_prob");
            float[][][] probabilities = new float[layers][][];
            float[][][][] products = new float[layers][][][];
            int[][] experts = new int[layers][];
            float[][] gates = new float[layers][];
            for (int layer = 0; layer < layers; layer++) {
                experts[layer] = expert[layer][0];
                gates[layer] = probability[layer][0];
                if (distributions && architecture.routed(layer)) {
                    probabilities[layer] = ((float[][][]) value(result, Observed.probabilities(layer)))[0];
                }
                if (outputs && architecture.routed(layer)) {
                    products[layer] = ((float[][][][]) value(result, Observed.gram(layer)))[0];
                }
            }
            return new Observation(
                    ((float[][][]) value(result, "log_probs"))[0],
                    architecture.phones() == 0 ? new float[0][] : ((float[][][]) value(result, "phone_log_probs"))[0],
                    new RoutingTrace(experts, gates),
                    probabilities,
                    products);
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            NativeCalls.leave();
        }
    }

    private static Object value(OrtSession.Result result, String name) throws OrtException {
        return result.get(name)
                .orElseThrow(() -> new IllegalStateException("no output " + name))
                .getValue();
    }

    @Override
    public void close() {
        NativeCalls.enter();
        try {
            session.close();
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            NativeCalls.leave();
        }
    }
}
