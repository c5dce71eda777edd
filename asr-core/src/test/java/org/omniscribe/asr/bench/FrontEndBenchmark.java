package org.omniscribe.asr.bench;

import be.tarsos.dsp.util.fft.FFT;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The front end on one thread; an operation is a second of audio, so the score is times real time.
 *
 * <p>Run every class named {@code *Benchmark} of the module with
 *
 * <pre>mvn -Pbench test -pl asr-core</pre>
 *
 * and some of them with {@code -Dbench=REGEX}, for example {@code -Dbench=FrontEndBenchmark.whole}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrontEndBenchmark {
    private static final int SECONDS = 20;
    private static final int PIECE = 1600;

    private final FeatureSpec spec = FeatureSpec.standard();
    private final LogMelFrontEnd frontEnd = new LogMelFrontEnd(spec);
    private final FFT fft = new FFT(spec.fft());
    private final float[] points = new float[spec.fft()];
    private final float[] samples = new float[SECONDS * spec.sampleRate()];

    /** Fills the utterance with noise of a fixed seed. */
    public FrontEndBenchmark() {
        Random random = new Random(1);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 0.1f * (float) random.nextGaussian();
        }
    }

    /** Finished frames of a whole utterance. */
    @Benchmark
    @OperationsPerInvocation(SECONDS)
    public float[][] whole() {
        return frontEnd.features(samples);
    }

    /** Frames of an utterance that comes in pieces of 100 ms. */
    @Benchmark
    @OperationsPerInvocation(SECONDS)
    public void pieces(Blackhole blackhole) {
        LogMelFrontEnd.Session session = frontEnd.newSession();
        for (int from = 0; from < samples.length; from += PIECE) {
            blackhole.consume(session.push(samples, from, PIECE));
        }
        blackhole.consume(session.finish());
    }

    /** Only the Fourier transforms of as many frames: the part of the time that is TarsosDSP's. */
    @Benchmark
    @OperationsPerInvocation(SECONDS)
    public float[] transforms() {
        long frames = spec.frames(samples.length);
        for (int t = 0; t < frames; t++) {
            System.arraycopy(samples, t * spec.hop(), points, 0, spec.window());
            fft.forwardTransform(points);
        }
        return points;
    }
}
