package org.omniscribe.asr.model;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import org.omniscribe.asr.routing.RoutingTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network of a bundle, ready to run on DJL's OnnxRuntime engine.
 *
 * <p>Thread-safe: many threads may run it at once, each on its own batch. {@link #close()} waits for them.
 *
 * <p>Opening the first model sets two system properties unless they are set: {@code ai.djl.offline}, without which DJL
 * looks for a cloud host to report to, and {@code ai.djl.onnx.disable_alternative}, without which it starts PyTorch
 * beside ONNX Runtime wherever PyTorch is on the class path. On Linux and macOS it also sets {@code ORT_DISABLE_TELEMETRY=1}
 * in the environment of the process, without which ONNX Runtime reports to its maker.
 */
public final class AcousticModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AcousticModel.class);
    private static final String ENGINE = "OnnxRuntime";

    private final String name;
    private final Architecture architecture;
    private final boolean streams;
    private final double stepSeconds;
    private final RuntimeOptions options;
    private final Model model;
    private final Optional<String> warning;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private AcousticModel(ModelBundle bundle, RuntimeOptions options, Model model, Optional<String> warning) {
        this.name = bundle.manifest().name();
        this.architecture = bundle.architecture();
        this.streams = bundle.streams();
        this.stepSeconds = bundle.manifest().stepSeconds();
        this.options = options;
        this.model = model;
        this.warning = warning;
    }

    /**
     * Starts ONNX Runtime as this library wants it. There is one environment in a process, and DJL's engine does not start
     * any more where another part of the program has made it; so whoever needs it gets it here.
     *
     * @throws ModelException if it does not start
     */
    public static OrtEnvironment environment() {
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("ai.djl.onnx.disable_alternative", "true");
        Telemetry.off();
        NativeCalls.enter();
        try {
            Engine.getEngine(ENGINE);
            return OrtEnvironment.getEnvironment();
        } catch (EngineException | LinkageError e) {
            throw new ModelException("ONNX Runtime does not start (" + reason(e) + "). " + remedy(), e);
        } finally {
            NativeCalls.leave();
        }
    }

    /** The innermost reason that says anything. */
    private static String reason(Throwable failure) {
        String reason = "no reason is given";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                reason = cause.getMessage();
            }
        }
        return reason;
    }

    private static String remedy() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isDirectory(temporary) || !Files.isWritable(temporary)) {
            return "The folder for temporary files, " + temporary
                    + ", is not there or cannot be written: make it, or name"
                    + " another with JAVA_OPTS=-Djava.io.tmpdir=FOLDER.";
        }
        return "It ships for 64-bit Linux, Windows and macOS on ARM; check the system and that programs may run from the"
                + " folder for temporary files, " + temporary + ".";
    }

    /**
     * Loads the network of a bundle.
     *
     * @throws ModelException if the runtime does not start or refuses the network
     */
    public static AcousticModel open(ModelBundle bundle, RuntimeOptions options) {
        environment();
        NativeCalls.enter();
        try {
            return load(bundle, options);
        } finally {
            NativeCalls.leave();
        }
    }

    private static AcousticModel load(ModelBundle bundle, RuntimeOptions options) {
        // Arrays stay on the processor also when the session computes on the GPU: ONNX Runtime copies them itself.
        Model model = Model.newInstance(bundle.manifest().name(), ai.djl.Device.cpu(), ENGINE);
        try {
            boolean gpu = options.device() == RuntimeOptions.Device.GPU;
            Optional<String> warning = Optional.empty();
            OrtSession session;
            try {
                session = newSession(bundle, options, gpu);
            } catch (OrtException e) {
                if (!gpu) {
                    throw e;
                }
                warning = Optional.of("the GPU cannot be used, so the processor is (" + e.getMessage()
                        + "). For a GPU, build with OMNISCRIBE_BUILD=-Pgpu ./omniscribe --version, or put"
                        + " onnxruntime_gpu on the class path in place of onnxruntime; and install NVIDIA's driver,"
                        + " CUDA and cuDNN.");
                LOG.warn("{}: {}", bundle.location(), warning.get());
                session = newSession(bundle, options, false);
            }
            model.setBlock(new OrtSymbolBlock(session, (OrtNDManager) model.getNDManager()));
            return new AcousticModel(bundle, options, model, warning);
        } catch (OrtException | IOException | RuntimeException e) {
            model.close();
            throw new ModelException(
                    "the network of model bundle " + bundle.location() + " cannot be loaded (" + e.getMessage()
                            + "). Export it again for the ONNX Runtime in use, or give Java and the system more"
                            + " memory.",
                    e);
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** DJL passes on only some of the session's options, so the session is made here and handed to its block. */
    private static OrtSession newSession(ModelBundle bundle, RuntimeOptions options, boolean gpu)
            throws OrtException, IOException {
        Optional<Path> file = bundle.files().path(ModelBundle.NETWORK);
        NetworkFile network = file.isPresent()
                ? NetworkFile.of(file.get())
                : NetworkFile.of(bundle.files().buffer(ModelBundle.NETWORK));
        return network.open(options, gpu);
    }

    /** Why the model does not run where it was asked to; empty if it does. */
    public Optional<String> warning() {
        return warning;
    }

    /** Whether the network can hear an utterance chunk by chunk, keeping state in between. */
    public boolean streams() {
        return streams;
    }

    /**
     * Begins an utterance that comes chunk by chunk.
     *
     * @param memorySteps steps of the past that causal attention may look at; chunked attention has its own limit
     * @throws IllegalStateException if the network keeps no state
     */
    public AcousticStream stream(int memorySteps) {
        if (!streams) {
            throw new IllegalStateException("model " + name + " keeps no state between chunks");
        }
        return new AcousticStream(this, architecture, memorySteps);
    }

    /**
     * Runs one utterance.
     *
     * @param features {@code [frame][bin]}, finished features of the bundle's {@code FeatureSpec}; none gives an emission
     *     without steps
     * @return {@code Architecture.steps(features.length)} steps
     * @throws ModelException if the network fails
     */
    public Emission run(float[][] features) {
        return run(List.<float[][]>of(features)).get(0);
    }

    /**
     * Runs utterances, those of similar length together.
     *
     * @param utterances each {@code [frame][bin]} as for {@link #run(float[][])}
     * @return their emissions in the same order
     * @throws ModelException if the network fails
     */
    public List<Emission> run(List<float[][]> utterances) {
        checkBins(utterances);
        Emission[] emissions = new Emission[utterances.size()];
        int[] lengths = utterances.stream().mapToInt(u -> u.length).toArray();
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("model " + name + " is closed");
            }
            for (int[] batch : Batches.byLength(lengths, options.batchFrames())) {
                runBatch(utterances, batch, emissions);
            }
        } finally {
            life.readLock().unlock();
        }
        return List.of(emissions);
    }

    private void checkBins(List<float[][]> utterances) {
        for (int u = 0; u < utterances.size(); u++) {
            float[][] features = utterances.get(u);
            for (int t = 0; t < features.length; t++) {
                if (features[t].length != architecture.melBins()) {
                    throw new IllegalArgumentException("frame " + t + " of utterance " + u + " has "
                            + features[t].length + " bins, model " + name + " takes " + architecture.melBins());
                }
            }
        }
    }

    private void runBatch(List<float[][]> utterances, int[] batch, Emission[] emissions) {
        int bins = architecture.melBins();
        int frames =
                Arrays.stream(batch).map(u -> utterances.get(u).length).max().orElse(0);
        if (frames == 0) {
            for (int u : batch) {
                emissions[u] = emission(0, 0, new float[0], new float[0], new int[0], new float[0], 1, 0);
            }
            return;
        }
        float[] features = new float[Math.multiplyExact(Math.multiplyExact(batch.length, frames), bins)];
        long[] lengths = new long[batch.length];
        for (int row = 0; row < batch.length; row++) {
            float[][] utterance = utterances.get(batch[row]);
            lengths[row] = utterance.length;
            for (int t = 0; t < utterance.length; t++) {
                System.arraycopy(utterance[t], 0, features, (row * frames + t) * bins, bins);
            }
        }
        StreamState begin = streams ? new StreamState(architecture, batch.length, 0) : null;
        Emission[] rows = forward(features, lengths, frames, begin, false);
        for (int row = 0; row < batch.length; row++) {
            emissions[batch[row]] = rows[row];
        }
    }

    /** Runs the next chunk of an utterance and brings its state up to date. */
    Emission run(float[][] chunk, StreamState state) {
        checkBins(List.<float[][]>of(chunk));
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("model " + name + " is closed");
            }
            if (chunk.length == 0) {
                return emission(0, 0, new float[0], new float[0], new int[0], new float[0], 1, 0);
            }
            int bins = architecture.melBins();
            float[] features = new float[chunk.length * bins];
            for (int t = 0; t < chunk.length; t++) {
                System.arraycopy(chunk[t], 0, features, t * bins, bins);
            }
            return forward(features, new long[] {chunk.length}, chunk.length, state, true)[0];
        } finally {
            life.readLock().unlock();
        }
    }

    /**
     * Runs the network.
     *
     * @param features [utterance][frame][bin] in a row
     * @param lengths frames of each utterance
     * @param frames frames of the longest
     * @param state what was before; null for a network without state
     * @param advance whether to bring the state up to date
     */
    private Emission[] forward(float[] features, long[] lengths, int frames, StreamState state, boolean advance) {
        int rows = lengths.length;
        NativeCalls.enter();
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDArray x = manager.create(features, new Shape(rows, frames, architecture.melBins()));
            x.setName("features");
            NDArray n = manager.create(lengths);
            n.setName("lengths");
            NDList inputs = new NDList(x, n);
            if (state != null) {
                state.addTo(inputs, manager);
            }
            NDList outputs = model.getBlock().forward(new ParameterStore(manager, false), inputs, false);
            int steps = architecture.steps(frames);
            float[] logProbs = floats(outputs, "log_probs", rows, steps, architecture.vocabulary());
            float[] phones = architecture.phones() == 0
                    ? new float[0]
                    : floats(outputs, "phone_log_probs", rows, steps, architecture.phones());
            long[] stepCounts = output(outputs, "output_lengths", rows).toLongArray();
            int[] experts = output(outputs, "expert_index", architecture.layers(), rows, steps)
                    .toIntArray();
            float[] probs = floats(outputs, "expert_prob", architecture.layers(), rows, steps);
            Emission[] emissions = new Emission[rows];
            for (int row = 0; row < rows; row++) {
                int own = architecture.steps((int) lengths[row]);
                if (stepCounts[row] != own) {
                    throw new ModelException("model " + name + " makes " + stepCounts[row] + " steps of " + lengths[row]
                            + " frames, its architecture says " + own + ". Export it again.");
                }
                emissions[row] = emission(row, own, logProbs, phones, experts, probs, rows, steps);
            }
            if (advance) {
                state.advance(outputs, features, steps);
            }
            return emissions;
        } catch (EngineException e) {
            throw new ModelException(
                    "model " + name + " failed on " + rows + " utterances of up to " + frames + " frames ("
                            + e.getMessage() + "). If memory ran out, use shorter pieces or smaller batches.",
                    e);
        } finally {
            NativeCalls.leave();
        }
    }

    private float[] floats(NDList outputs, String output, long... extents) {
        return output(outputs, output, extents).toFloatArray();
    }

    private NDArray output(NDList outputs, String output, long... extents) {
        NDArray array = outputs.get(output);
        Shape wanted = new Shape(extents);
        if (!array.getShape().equals(wanted)) {
            throw new ModelException("model " + name + " gives " + output + " as " + array.getShape() + ", not "
                    + wanted + " as its architecture says. Export it again.");
        }
        return array;
    }

    /** Row {@code row} of a batch, without its padding. */
    private Emission emission(
            int row, int own, float[] logProbs, float[] phones, int[] experts, float[] probs, int rows, int steps) {
        int[][] expert = new int[architecture.layers()][];
        float[][] prob = new float[architecture.layers()][];
        for (int layer = 0; layer < expert.length; layer++) {
            int from = (layer * rows + row) * steps;
            expert[layer] = Arrays.copyOfRange(experts, from, from + own);
            prob[layer] = Arrays.copyOfRange(probs, from, from + own);
        }
        return new Emission(
                rows(logProbs, row * steps, own, architecture.vocabulary()),
                rows(phones, row * steps, architecture.phones() == 0 ? 0 : own, architecture.phones()),
                new RoutingTrace(expert, prob),
                stepSeconds);
    }

    private static float[][] rows(float[] values, int first, int count, int width) {
        float[][] rows = new float[count][];
        for (int r = 0; r < count; r++) {
            rows[r] = Arrays.copyOfRange(values, (first + r) * width, (first + r + 1) * width);
        }
        return rows;
    }

    /** Waits for what is running and frees the network; further calls do nothing. */
    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                NativeCalls.enter();
                try {
                    model.close();
                } finally {
                    NativeCalls.leave();
                }
            }
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Groups utterances into batches. */
    static final class Batches {
        /** A shorter utterance joins a batch only if it fills this much of its row. */
        private static final double MIN_FILL = 0.75;

        private Batches() {}

        /**
         * Batches of similar lengths, longest first.
         *
         * @param lengths frames of each utterance
         * @param frames most frames of a batch, padding included, where it holds more than one utterance
         * @return indices into {@code lengths}, each once
         */
        static List<int[]> byLength(int[] lengths, int frames) {
            int[] order = IntStream.range(0, lengths.length)
                    .boxed()
                    .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
                    .mapToInt(i -> i)
                    .toArray();
            List<int[]> batches = new ArrayList<>();
            for (int from = 0, to; from < order.length; from = to) {
                long longest = lengths[order[from]];
                for (to = from + 1;
                        to < order.length
                                && (to - from + 1) * longest <= frames
                                && lengths[order[to]] >= MIN_FILL * longest;
                        to++) {}
                batches.add(Arrays.copyOfRange(order, from, to));
            }
            return batches;
        }
    }
}
