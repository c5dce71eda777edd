package org.omniscribe.export.train;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Updates of a network of 8 layers, width 256 and 4 experts on batches of 160 s; an operation is a second of audio, so the
 * score is seconds of audio trained a second.
 *
 * <pre>OMP_WAIT_POLICY=PASSIVE mvn -Pbench test -pl model-export -am -Dbench=TrainingBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 3, time = 20)
public class TrainingBenchmark {
    private static final int UTTERANCES = 16;
    private static final int FRAMES = 1000;
    private static final int SECONDS = UTTERANCES * FRAMES / 100;

    /** PAPER is the published shape, stacked frames and inner width 1024; BASE is that of the model that is shipped. */
    @Param({"PAPER", "BASE"})
    public String network;

    /** How matrix products are computed. */
    @Param({"HIGHEST", "MEDIUM"})
    public Torch.MatmulPrecision matmul;

    private NDManager manager;
    private OmniRouterNet net;
    private TrainingStep step;
    private Batch batch;

    /** Makes the network, and a batch of noise with 15 tokens a second. */
    @Setup(Level.Trial)
    public void setUp() {
        boolean paper = network.equals("PAPER");
        Architecture architecture = Architecture.builder()
                .subsampling(paper ? new Subsampling.Stack(4) : new Subsampling.Conv(32, 4))
                .width(256)
                .heads(4)
                .mlpWidth(paper ? 1024 : 768)
                .experts("8x4")
                .position(paper ? new Position.Sinusoid() : new Position.Relative(32))
                .convKernel(paper ? 0 : 15)
                .vocabulary(29)
                .build();
        Torch.setMatmulPrecision(matmul);
        manager = Torch.newManager();
        net = new OmniRouterNet(architecture, manager, 1);
        AdamW optimizer = new AdamW(net.parameters(), new AdamW.Settings(0.9f, 0.98f, 1e-8f, 0.01f, 1, 0.998f));
        step = new TrainingStep(net, optimizer, manager, new TrainingStep.Weights(1, 0.02, 0.3, 0, 0), null);
        Random random = new Random(1);
        float[] features = new float[UTTERANCES * FRAMES * 80];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        int[] frames = new int[UTTERANCES];
        Arrays.fill(frames, FRAMES);
        int[][] targets = new int[UTTERANCES][];
        for (int i = 0; i < UTTERANCES; i++) {
            targets[i] = random.ints(150, 1, 29).toArray();
        }
        batch = new Batch(features, FRAMES, frames, targets, null, Collections.nCopies(UTTERANCES, ""), List.of());
    }

    /** Frees the native memory. */
    @TearDown(Level.Trial)
    public void tearDown() {
        net.close();
        manager.close();
    }

    /** One update. */
    @Benchmark
    @OperationsPerInvocation(SECONDS)
    public double update() {
        return step.run(
                        batch,
                        new OmniRouterNet.Mode(0, 0, 0.01f, 0, 0, 0, OptionalDouble.empty(), new Random(1)),
                        1e-4)
                .loss();
    }
}
