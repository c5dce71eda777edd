package org.omniscribe.asr.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.transcript.Transcript;
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

/**
 * The whole path from samples to a transcript, and its start.
 *
 * <p>{@code -p model=BUNDLE} measures another model than the one that is shipped. What is said in the clip does not
 * matter: every step costs the same. Each fork also prints its peak of memory.
 */
public class RecognizerBenchmark {
    private static final int SECONDS = 60;

    /** An open recognizer and a minute of noise that swells and ebbs like speech. */
    @State(Scope.Benchmark)
    public static class Ready {
        /** A bundle's path, or "default". */
        @Param("default")
        public String model;

        /** Processor threads. */
        @Param({"1", "2"})
        public int threads;

        private final float[] samples = new float[SECONDS * AudioClip.SAMPLE_RATE];
        private Recognizer recognizer;

        /** Opens the recognizer. */
        @Setup
        public void open() {
            Random random = new Random(1);
            for (int i = 0; i < samples.length; i++) {
                double swell = 0.05 + 0.05 * Math.sin(8.0 * i / AudioClip.SAMPLE_RATE);
                samples[i] = (float) (swell * random.nextGaussian());
            }
            recognizer = Recognizer.open(options(model).threads(threads).build());
        }

        /** Closes it. */
        @TearDown
        public void close() throws IOException {
            recognizer.close();
            printPeak();
        }
    }

    /** Which model a start-up opens. */
    @State(Scope.Benchmark)
    public static class Start {
        /** A bundle's path, or "default". */
        @Param("default")
        public String model;

        /** Tells the memory. */
        @TearDown
        public void close() throws IOException {
            printPeak();
        }
    }

    /** Prints the most memory that this process has held, where the system tells. */
    private static void printPeak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .forEach(line -> System.out.println("peak resident set " + line.replaceAll("\\D+", "") + " kB"));
        }
    }

    private static RecognizerOptions.Builder options(String model) {
        RecognizerOptions.Builder options = RecognizerOptions.builder();
        return model.equals("default") ? options : options.model(Path.of(model));
    }

    /** Seconds of audio transcribed in a second: times real time. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @OperationsPerInvocation(SECONDS)
    @Fork(1)
    @Warmup(iterations = 2, time = 2)
    @Measurement(iterations = 3, time = 2)
    public Transcript transcribe(Ready ready) {
        return ready.recognizer.transcribe(new AudioClip(ready.samples, List.of()), "noise");
    }

    /** From a fresh Java machine to a transcript of nothing: loading classes, checking the bundle, loading the network. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Fork(5)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public Transcript start(Start start) {
        try (Recognizer recognizer = Recognizer.open(options(start.model).build())) {
            return recognizer.transcribe(new AudioClip(new float[AudioClip.SAMPLE_RATE], List.of()), "nothing");
        }
    }
}
