package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.omniscribe.asr.Decoders;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.AcousticStream;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.stream.StreamingRecognizer;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Networks with state against the graph without it, which is held against a reference elsewhere. */
class StreamingGraphTest {
    private static final int BINS = 80;
    private static final int FRAMES = 151;
    private static final int ALL = 1000;

    /** Normalised by numbers of its own, as whoever hears chunk by chunk does not know the utterance yet. */
    private static final FeatureSpec FEATURES = FeatureSpec.standard()
            .changedBy("{\"normalization\":\"GLOBAL\",\"mean\":%s,\"deviation\":%s}"
                    .formatted(Collections.nCopies(BINS, -8.0), Collections.nCopies(BINS, 4.0)));

    @TempDir
    Path folder;

    static Stream<Architecture> architectures() {
        return Stream.of(
                architecture(new Subsampling.Stack(4), new Position.Sinusoid(), Attention.CAUSAL, 0),
                architecture(new Subsampling.Stack(3), new Position.Relative(4), Attention.CAUSAL, 5),
                architecture(new Subsampling.Conv(3, 4), new Position.Sinusoid(), Attention.CAUSAL, 5),
                architecture(new Subsampling.Conv(3, 6), new Position.Relative(4), Attention.CAUSAL, 0),
                architecture(new Subsampling.Stack(4), new Position.None(), new Attention.Chunked(4, 0), 3),
                architecture(new Subsampling.Stack(4), new Position.Relative(4), new Attention.Chunked(3, 2), 0),
                architecture(new Subsampling.Conv(3, 4), new Position.Sinusoid(), new Attention.Chunked(5, 1), 5));
    }

    private static Architecture architecture(
            Subsampling subsampling, Position position, Attention attention, int kernel) {
        return Architecture.builder()
                .melBins(BINS)
                .subsampling(subsampling)
                .width(16)
                .heads(4)
                .mlpWidth(24)
                .experts("2x3-1x1")
                .position(position)
                .attention(attention)
                .convKernel(kernel)
                .vocabulary(4)
                .build();
    }

    private AcousticModel open(Architecture architecture, byte[] network) {
        ModelManifest manifest = new ModelManifest(
                "stream",
                architecture,
                FEATURES,
                new Tokenizer(Tokenizer.Kind.CHARACTER, Vocabulary.BLANK_ID),
                new Provenance(
                        List.of(), 0, Map.of(), Map.of(), "GPL-3.0-or-later", Instant.parse("2026-11-22T00:00:00Z")));
        Vocabulary vocabulary = new Vocabulary(List.of(Vocabulary.BLANK, "\u2581", "a", "b"));
        ModelBundle bundle =
                ModelBundle.create(folder.resolve("bundle"), manifest, vocabulary, out -> out.write(network));
        return AcousticModel.open(bundle, new RuntimeOptions(RuntimeOptions.Device.CPU, 1, 2000));
    }

    private static void assertClose(float[][] expected, float[][] actual, int from) {
        for (int t = 0; t < actual.length; t++) {
            assertArrayEquals(expected[from + t], actual[t], 1e-4f, "step " + (from + t));
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void everyChunkingGivesWhatTheWholeUtteranceGives(Architecture architecture) {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 3);
        float[][] features = RandomNetwork.features(FRAMES, BINS, 4);
        Emission whole;
        try (AcousticModel model = open(
                architecture,
                OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT32)))) {
            whole = model.run(features);
        }
        byte[] graph = OmniRouterGraph.write(
                architecture,
                Tensors.of(parameters),
                Options.of(Precision.FLOAT32).withState(true));
        try (AcousticModel model = open(architecture, graph)) {
            assertTrue(model.streams());
            assertClose(whole.logProbs(), model.run(features).logProbs(), 0);
            AcousticStream stream = model.stream(ALL);
            int unit = stream.chunkFrames();
            Random random = new Random(5);
            for (int most : new int[] {1, 2, 7, 100}) {
                stream.reset();
                int step = 0;
                for (int at = 0, next; at < FRAMES; at = next) {
                    next = Math.min(FRAMES, at + unit * (1 + random.nextInt(most)));
                    Emission emission = stream.run(Arrays.copyOfRange(features, at, next));
                    assertClose(whole.logProbs(), emission.logProbs(), step);
                    for (int layer = 0; layer < architecture.layers(); layer++) {
                        int[] experts = whole.routing().expert()[layer];
                        assertArrayEquals(
                                Arrays.copyOfRange(experts, step, step + emission.steps()),
                                emission.routing().expert()[layer]);
                    }
                    step += emission.steps();
                }
                assertEquals(architecture.steps(FRAMES), step);
            }
        }
    }

    @Test
    void aBatchWithoutPastIsWhatItsUtterancesAre() {
        Architecture architecture =
                architecture(new Subsampling.Conv(3, 4), new Position.Sinusoid(), new Attention.Chunked(5, 1), 5);
        byte[] graph = OmniRouterGraph.write(
                architecture,
                Tensors.of(RandomNetwork.parameters(architecture, 6)),
                Options.of(Precision.FLOAT16).withState(true));
        try (AcousticModel model = open(architecture, graph)) {
            List<float[][]> batch = Stream.of(90, 100, 81)
                    .map(frames -> RandomNetwork.features(frames, BINS, frames))
                    .toList();
            List<Emission> together = model.run(batch);
            for (int i = 0; i < batch.size(); i++) {
                assertClose(model.run(batch.get(i)).logProbs(), together.get(i).logProbs(), 0);
            }
        }
    }

    @Test
    void aShortMemoryChangesOnlyWhatIsFurtherAwayThanIt() {
        Architecture architecture =
                architecture(new Subsampling.Stack(4), new Position.Sinusoid(), Attention.CAUSAL, 0);
        byte[] graph = OmniRouterGraph.write(
                architecture,
                Tensors.of(RandomNetwork.parameters(architecture, 7)),
                Options.of(Precision.FLOAT32).withState(true));
        float[][] features = RandomNetwork.features(160, BINS, 8);
        try (AcousticModel model = open(architecture, graph)) {
            float[][] whole = model.run(features).logProbs();
            AcousticStream stream = model.stream(20);
            int differing = 0;
            for (int step = 0; step < 40; step++) {
                float[] row = stream.run(Arrays.copyOfRange(features, 4 * step, 4 * step + 4))
                        .logProbs()[0];
                if (step <= 20) {
                    assertArrayEquals(whole[step], row, 1e-4f);
                } else {
                    differing += Math.abs(row[0] - whole[step][0]) > 1e-4 ? 1 : 0;
                }
            }
            assertTrue(differing > 10, "steps that differ: " + differing);
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theRecognizerHearsTheSameWordsChunkByChunkAsInTheWholeRecording(Architecture architecture) {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 12);
        // Sure enough of its choices that a rounding error does not change them.
        float[] head = parameters.get("head.weight").data();
        for (int i = 0; i < head.length; i++) {
            head[i] *= 4;
        }
        // And talkative: two seconds without a letter would begin a new utterance.
        float[] bias = parameters.get("head.bias").data();
        bias[2] += 4;
        bias[3] += 4;
        open(
                        architecture,
                        OmniRouterGraph.write(
                                architecture,
                                Tensors.of(parameters),
                                Options.of(Precision.FLOAT32).withState(true)))
                .close();
        AudioClip clip = AudioReader.readAll(Path.of("../docs/sample/river.wav"));
        // A random network is sure of nothing, so what it finds is not to be judged.
        RecognizerOptions options = RecognizerOptions.builder()
                .model(folder.resolve("bundle"))
                .decoder(Decoders::standard)
                .build();
        try (Recognizer recognizer = Recognizer.open(options)) {
            List<Word> offline = recognizer.transcribe(clip, "river").words();
            List<Word> heard = new ArrayList<>();
            List<Integer> routed = new ArrayList<>();
            // No pause is long enough to end an utterance, so that all of it is one.
            StreamOptions pauses = new StreamOptions(0.4, 10, 20, 60);
            StreamingRecognizer stream = recognizer.stream(pauses, event -> {
                if (event instanceof RecognitionEvent.Final end) {
                    heard.addAll(end.segment().words());
                } else if (event instanceof RecognitionEvent.Routing routing && routing.settled()) {
                    routed.add(routing.trace().steps());
                }
            });
            stream.push(clip.samples(), 0, clip.samples().length);
            stream.finish();
            assertFalse(offline.isEmpty());
            assertEquals(texts(offline), texts(heard));
            for (int i = 0; i < offline.size(); i++) {
                assertEquals(offline.get(i).start(), heard.get(i).start(), 1e-6);
                assertEquals(offline.get(i).confidence(), heard.get(i).confidence(), 1e-3);
            }
            long frames = FEATURES.frames(clip.samples().length);
            assertEquals(List.of(architecture.steps((int) frames)), routed);
        }
    }

    private static List<String> texts(List<Word> words) {
        return words.stream().map(Word::text).toList();
    }

    @Test
    void aPartOfAChunkIsTheEnd() {
        Architecture architecture =
                architecture(new Subsampling.Stack(4), new Position.None(), new Attention.Chunked(4, 0), 3);
        byte[] graph = OmniRouterGraph.write(
                architecture,
                Tensors.of(RandomNetwork.parameters(architecture, 9)),
                Options.of(Precision.FLOAT32).withState(true));
        try (AcousticModel model = open(architecture, graph)) {
            AcousticStream stream = model.stream(ALL);
            assertEquals(0, stream.run(new float[0][]).steps());
            assertEquals(3, stream.run(RandomNetwork.features(9, BINS, 1)).steps());
            float[][] more = RandomNetwork.features(16, BINS, 1);
            assertThrows(IllegalStateException.class, () -> stream.run(more));
            stream.reset();
            assertEquals(4, stream.run(more).steps());
        }
    }

    @Test
    void networksThatLookAheadKeepNoState() {
        Architecture full = architecture(new Subsampling.Stack(4), new Position.None(), Attention.FULL, 3);
        Map<String, Tensor> parameters = RandomNetwork.parameters(full, 1);
        assertFalse(OmniRouterGraph.streams(full));
        assertThrows(
                IllegalArgumentException.class,
                () -> OmniRouterGraph.write(
                        full,
                        Tensors.of(parameters),
                        Options.of(Precision.FLOAT32).withState(true)));
        for (int stacking : new int[] {2, 3}) {
            assertFalse(OmniRouterGraph.streams(
                    architecture(new Subsampling.Conv(3, stacking), new Position.None(), Attention.CAUSAL, 0)));
        }
        try (AcousticModel model =
                open(full, OmniRouterGraph.write(full, Tensors.of(parameters), Options.of(Precision.FLOAT32)))) {
            assertFalse(model.streams());
            assertThrows(IllegalStateException.class, () -> model.stream(ALL));
        }
    }
}
