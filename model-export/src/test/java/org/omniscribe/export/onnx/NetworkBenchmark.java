package org.omniscribe.export.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What experts and bytes cost. Networks with random weights and equally many active ones take turns in one process, with a
 * large matrix product between them that shows what the machine can do; so what else the machine does meets all of them.
 * Each fork prints the median time of each, its ratio to the first, and its share of the speed of that product.
 *
 * <pre>mvn -Pbench test -pl model-export -am -Dbench=NetworkBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2)
@Measurement(iterations = 12)
public class NetworkBenchmark {
    private static final int BINS = 80;
    private static final int FRAMES_A_SECOND = 100;
    private static final int PRODUCT = 2048;

    /** Layers, width, hidden width and heads: of a small network, and of the published 246M-parameter one, cut short. */
    @Param({"8-256-1024-4", "4-768-4096-12"})
    public String shape;

    /** Who takes turns: experts in each layer (1 is the dense network) and how weights are stored. */
    @Param({"1:FLOAT32 8:FLOAT32 16:FLOAT32 1:INT8_DYNAMIC 8:INT8_DYNAMIC"})
    public String networks;

    /** Length of the utterances. */
    @Param({"10", "60"})
    public int seconds;

    /** Utterances in a batch. */
    @Param({"1"})
    public int utterances;

    /** Processor threads. */
    @Param({"1", "2"})
    public int threads;

    /** Whether threads spin while they wait for work (1), which takes the processor from others, or sleep (0), as shipped. */
    @Param({"0"})
    public String spinning;

    private final Map<String, OrtSession> sessions = new LinkedHashMap<>();
    private final Map<String, List<Double>> times = new LinkedHashMap<>();
    private OrtSession product;
    private Map<String, OnnxTensor> inputs;
    private Map<String, OnnxTensor> factor;
    private double operations;

    /** Writes and loads the networks. */
    @Setup
    public void open() throws OrtException {
        OrtEnvironment environment = OrtNetwork.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", spinning);
            for (String network : networks.split(" ")) {
                Architecture architecture = architecture(Integer.parseInt(network.split(":")[0]));
                Precision precision = Precision.valueOf(network.split(":")[1]);
                byte[] graph = OmniRouterGraph.write(
                        architecture, Tensors.of(RandomNetwork.parameters(architecture, 1)), Options.of(precision));
                sessions.put(network, environment.createSession(graph, options));
            }
            OnnxGraph graph = new OnnxGraph("product");
            Dim size = Dim.of(PRODUCT);
            Value x = graph.input("x", ElementType.FLOAT, size, size);
            Value y = x.matmul(graph.constant("matrix", new long[] {PRODUCT, PRODUCT}, noise(PRODUCT * PRODUCT)));
            graph.output("y", y, ElementType.FLOAT, size, size);
            product = environment.createSession(graph.toBytes("omniscribe", "1"), options);
        }
        int frames = seconds * FRAMES_A_SECOND;
        long[] lengths = new long[utterances];
        Arrays.fill(lengths, frames);
        inputs = Map.of(
                "features", tensor(environment, utterances, frames, BINS),
                "lengths", OnnxTensor.createTensor(environment, lengths));
        factor = Map.of("x", tensor(environment, PRODUCT, PRODUCT));
        Architecture dense = architecture(1);
        double steps = dense.steps(frames);
        double width = dense.width();
        double layer = 2 * steps * width * (4 * width + 2 * dense.mlpWidth()) + 4 * steps * steps * width;
        operations = utterances * (dense.layers() * layer + 2 * steps * width * (dense.vocabulary() + 4 * BINS));
    }

    private Architecture architecture(int experts) {
        String[] sizes = shape.split("-");
        return Architecture.builder()
                .melBins(BINS)
                .width(Integer.parseInt(sizes[1]))
                .heads(Integer.parseInt(sizes[3]))
                .mlpWidth(Integer.parseInt(sizes[2]))
                .experts(sizes[0] + "x" + experts)
                .routing(experts == 1 ? Routing.DENSE : Routing.SHARED)
                .vocabulary(512)
                .build();
    }

    private static OnnxTensor tensor(OrtEnvironment environment, long... shape) throws OrtException {
        int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(noise(count)), shape);
    }

    private static float[] noise(int count) {
        Random random = new Random(2);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Every network once, and the product. */
    @Benchmark
    public void round() throws OrtException {
        for (Map.Entry<String, OrtSession> network : sessions.entrySet()) {
            run(network.getKey(), network.getValue(), inputs);
        }
        run("product", product, factor);
    }

    private void run(String name, OrtSession session, Map<String, OnnxTensor> feeds) throws OrtException {
        long begin = System.nanoTime();
        session.run(feeds).close();
        times.computeIfAbsent(name, key -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e6);
    }

    /** Tells the times, and frees the native memory. */
    @TearDown
    public void close() throws OrtException {
        double peak = 2.0 * PRODUCT * PRODUCT * PRODUCT / median("product");
        double first = median(sessions.keySet().iterator().next());
        System.out.printf(Locale.ROOT, "%nproduct: %.0f GFLOP/s%n", peak / 1e6);
        for (String network : sessions.keySet()) {
            double time = median(network);
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %8.1f ms  %.2f x  %3.0f %% of the product's speed%n",
                    network,
                    time,
                    time / first,
                    100 * operations / time / peak);
        }
        for (OrtSession session : sessions.values()) {
            session.close();
        }
        product.close();
        inputs.values().forEach(OnnxTensor::close);
        factor.values().forEach(OnnxTensor::close);
    }

    private double median(String name) {
        List<Double> sorted = new ArrayList<>(times.get(name));
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
