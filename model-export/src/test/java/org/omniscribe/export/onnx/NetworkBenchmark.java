package org.omniscribe.export.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Attention;
import org.omniscribe.asr.model.Architecture.Position;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Architecture.Subsampling;
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
 * What experts cost: networks of 8 layers and width 256 with random weights, dense and with experts of the same active
 * size. The time of 8 experts over that of one is to be at most 1.10, of 16 at most 1.2.
 *
 * <pre>mvn -Pbench test -pl model-export -am -Dbench=NetworkBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 3)
@Measurement(iterations = 3, time = 4)
public class NetworkBenchmark {
    private static final int BINS = 80;
    private static final int FRAMES_A_SECOND = 100;

    /** Experts in each layer; 1 is the dense network. */
    @Param({"1", "8", "16"})
    public int experts;

    /** How weights are stored and multiplied. */
    @Param({"FLOAT32", "INT8_DYNAMIC"})
    public Precision precision;

    /** Length of the utterance. */
    @Param({"10", "60"})
    public int seconds;

    /** Processor threads. */
    @Param({"1", "2"})
    public int threads;

    private OrtEnvironment environment;
    private OrtSession session;
    private OnnxTensor features;
    private OnnxTensor lengths;

    /** Writes and loads the network. */
    @Setup
    public void open() throws OrtException {
        Architecture architecture = new Architecture(
                BINS,
                Subsampling.STACK,
                4,
                0,
                256,
                4,
                1024,
                Architecture.parseExperts("8x" + experts),
                experts == 1 ? Routing.DENSE : Routing.SHARED,
                Position.SINUSOID,
                0,
                Attention.FULL,
                0,
                0,
                0,
                512);
        environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(
                    OmniRouterGraph.write(architecture, RandomNetwork.parameters(architecture, 1), precision), options);
        }
        int frames = seconds * FRAMES_A_SECOND;
        float[] noise = new float[frames * BINS];
        float[][] rows = RandomNetwork.features(frames, BINS, 2);
        for (int t = 0; t < frames; t++) {
            System.arraycopy(rows[t], 0, noise, t * BINS, BINS);
        }
        features = OnnxTensor.createTensor(environment, FloatBuffer.wrap(noise), new long[] {1, frames, BINS});
        lengths = OnnxTensor.createTensor(environment, new long[] {frames});
    }

    /** Frees the native memory. */
    @TearDown
    public void close() throws OrtException {
        features.close();
        lengths.close();
        session.close();
    }

    /** One utterance. */
    @Benchmark
    public long run() throws OrtException {
        try (OrtSession.Result result = session.run(Map.of("features", features, "lengths", lengths))) {
            return result.size();
        }
    }
}
