package org.omniscribe.asr.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.RuntimeOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The built-in network on utterances of many lengths, one by one and in batches. */
@State(Scope.Benchmark)
public class BatchBenchmark {
    private static final int SECONDS = 240;
    private static final int MIN_SECONDS = 1;
    private static final int MAX_SECONDS = 15;

    /** Padded seconds of a batch; with 1 each utterance goes by itself. */
    @Param({"1", "10", "20", "40", "60", "120", "240"})
    public int batchSeconds;

    /** Processor threads. */
    @Param({"1", "2"})
    public int threads;

    private final List<float[][]> utterances = new ArrayList<>();
    private AcousticModel model;

    /** Opens the network and makes noise of {@value #SECONDS} seconds in all. */
    @Setup
    public void open() {
        ModelBundle bundle = ModelBundle.openDefault();
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(bundle.manifest().features());
        int second = bundle.manifest().features().sampleRate();
        Random random = new Random(1);
        for (int left = SECONDS * second; left > 0; ) {
            int length =
                    Math.min(left, (int) (second * (MIN_SECONDS + (MAX_SECONDS - MIN_SECONDS) * random.nextDouble())));
            float[] samples = new float[length];
            for (int i = 0; i < length; i++) {
                samples[i] = (float) (0.05 * random.nextGaussian());
            }
            utterances.add(frontEnd.features(samples));
            left -= length;
        }
        int frames = (int) (batchSeconds / bundle.manifest().features().hopSeconds());
        model = AcousticModel.open(bundle, new RuntimeOptions(RuntimeOptions.Device.CPU, threads, frames));
    }

    /** Closes it. */
    @TearDown
    public void close() {
        model.close();
    }

    /** Seconds of audio a second. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @OperationsPerInvocation(SECONDS)
    @Fork(1)
    @Warmup(iterations = 1, time = 3)
    @Measurement(iterations = 3, time = 3)
    public List<Emission> run() {
        return model.run(utterances);
    }
}
