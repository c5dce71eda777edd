package org.omniscribe.asr.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.attention.AttentionDecoder;
import org.omniscribe.asr.attention.AttentionHypothesis;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.AttentionResult;
import org.omniscribe.asr.attention.EncodedWindow;
import org.omniscribe.asr.attention.LanguageScore;
import org.omniscribe.asr.attention.WindowEncoder;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.stream.AttentionStreaming;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

class AttentionEngineTest {
    private static final int RATE = AudioClip.SAMPLE_RATE;
    private static final int WIDTH = 2;

    /** Every frame pair becomes a step. */
    private static final class Encoder implements WindowEncoder {
        final List<Integer> frames = new ArrayList<>();

        @Override
        public int width() {
            return WIDTH;
        }

        @Override
        public float[] encode(float[][] features) {
            frames.add(features.length);
            return new float[(features.length + 1) / 2 * WIDTH];
        }

        @Override
        public void close() {}
    }

    /** Says what a function says of the number of the window and the window. */
    private static final class Decoder implements AttentionDecoder {
        final List<Integer> batches = new ArrayList<>();
        final List<AttentionOptions> asked = new ArrayList<>();
        final BiFunction<Integer, EncodedWindow, AttentionResult> said;
        int number;

        Decoder(BiFunction<Integer, EncodedWindow, AttentionResult> said) {
            this.said = said;
        }

        @Override
        public List<AttentionResult> decode(List<EncodedWindow> windows, AttentionOptions options) {
            batches.add(windows.size());
            asked.add(options);
            return windows.stream().map(w -> said.apply(number++, w)).toList();
        }

        @Override
        public List<List<LanguageScore>> detect(List<EncodedWindow> windows) {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}
    }

    private static AttentionResult words(String text, double seconds) {
        String[] parts = text.split(" ");
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            words.add(new Word(parts[i], seconds * i / parts.length, seconds * (i + 1) / parts.length, 0.9));
        }
        return new AttentionResult(
                List.of(new AttentionHypothesis(text, words, List.of(1), -1, -0.5)), "en", 1, 0, 0, Optional.empty());
    }

    private static AttentionSpec spec() {
        return new AttentionSpec(
                1,
                WIDTH,
                1,
                4,
                20,
                16,
                List.of(),
                10,
                11,
                new TreeMap<>(Map.of("en", 12, "de", 13)),
                14,
                -1,
                15,
                16,
                17,
                18,
                List.of(),
                List.of());
    }

    private static AttentionEngine engine(WindowEncoder encoder, AttentionDecoder decoder) {
        return new AttentionEngine(
                "w",
                spec(),
                new LogMelFrontEnd(FeatureSpec.whisper(80)),
                encoder,
                2,
                decoder,
                AttentionOptions.STANDARD,
                20,
                Optional.empty(),
                false);
    }

    private static Transcript transcribe(AttentionEngine engine, float[] samples, Request request) {
        try (Transcription going = engine.begin(new AudioClip(samples, List.of()).source(), "x.wav", request)) {
            int advances = 0;
            while (going.advance()) {
                advances++;
            }
            assertTrue(advances <= samples.length / RATE / 100 + 1, "many windows at a time");
            return going.transcript(List.of());
        }
    }

    private static float[] noise(int seconds) {
        float[] samples = new float[seconds * RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.1 * Math.sin(i * (i % 977) * 0.01));
        }
        return samples;
    }

    @Test
    void windowsAreAsLongAsTheirSoundAndDecodedManyAtATime() {
        Encoder encoder = new Encoder();
        Decoder decoder = new Decoder((n, window) -> words("w" + n + " x", window.seconds()));
        Transcript transcript = transcribe(engine(encoder, decoder), noise(400), Request.NONE);
        assertTrue(
                encoder.frames.stream().allMatch(frames -> frames <= 2900 && frames >= 1000), encoder.frames::toString);
        assertEquals(40000, encoder.frames.stream().mapToInt(f -> f).sum(), 30);
        assertTrue(decoder.batches.get(0) >= 6, decoder.batches::toString);
        assertEquals(2 * encoder.frames.size(), transcript.words().size());
        double at = 0;
        for (Word word : transcript.words()) {
            assertEquals(at, word.start(), 1e-6);
            at = word.end();
        }
        assertEquals(400, at, 1e-6);
        assertEquals(Optional.of("en"), transcript.language());
        transcribe(engine(encoder, decoder), noise(5), Request.NONE);
        assertEquals(500, encoder.frames.get(encoder.frames.size() - 1), 1, "no padding to 30 s");
    }

    @Test
    void silenceReachesNoNetwork() {
        Encoder encoder = new Encoder();
        Transcript transcript = transcribe(
                engine(encoder, new Decoder((n, window) -> words("no", 1))), new float[100 * RATE], Request.NONE);
        assertEquals(List.of(), encoder.frames);
        assertEquals(1, transcript.warnings().size());
        assertEquals(Optional.empty(), transcript.language());
    }

    @Test
    void whatWasDroppedIsListedWithItsTimeAndReason() {
        Decoder decoder = new Decoder((n, window) -> n == 1
                ? new AttentionResult(
                        List.of(new AttentionHypothesis("", List.of(), List.of(), -9, -1)),
                        "en",
                        1,
                        0.9,
                        0,
                        Optional.of(new AttentionResult.Dropped(
                                "Thank you.", AttentionResult.Reason.NO_SPEECH, "probability 0.9")))
                : words("hello", window.seconds()));
        Transcript transcript = transcribe(engine(new Encoder(), decoder), noise(60), Request.NONE);
        assertEquals(1, transcript.skipped().size());
        Transcript.Skipped skipped = transcript.skipped().get(0);
        assertEquals("Thank you.", skipped.text());
        assertEquals("no speech", skipped.reason());
        assertEquals(transcript.words().get(0).end(), skipped.start(), 1e-6);
        assertEquals(transcript.words().get(1).start(), skipped.end(), 1e-6);
    }

    @Test
    void requestsReachTheDecoderAndImpossibleOnesAreRefused() {
        Decoder decoder = new Decoder((n, window) -> words("hallo", window.seconds()));
        AttentionEngine engine = engine(new Encoder(), decoder);
        transcribe(engine, noise(2), new Request(Optional.of("de"), false, "Herr Meier", List.of(0.4)));
        assertEquals(Optional.of("de"), decoder.asked.get(0).language());
        assertEquals("Herr Meier", decoder.asked.get(0).prompt());
        assertEquals(List.of(0.4), decoder.asked.get(0).temperatures());
        RequestException e = assertThrows(
                RequestException.class,
                () -> transcribe(engine, noise(2), new Request(Optional.of("fr"), true, "", List.of())));
        assertEquals(
                "model w cannot do what is asked for: it does not know the language \"fr\"; it knows de, en; it cannot"
                        + " translate.",
                e.getMessage());
        assertThrows(RequestException.class, () -> new Request(Optional.empty(), false, "", List.of(3.0)));
    }

    @Test
    void onlyWhatAKnownGoodSignalReproducesIsTheModelsFault() {
        BiFunction<Integer, EncodedWindow, AttentionResult> never = (n, window) -> {
            throw new ModelException("nonsense");
        };
        assertThrows(
                ModelException.class,
                () -> transcribe(engine(new Encoder(), new Decoder(never)), noise(5), Request.NONE));
        BiFunction<Integer, EncodedWindow, AttentionResult> once =
                (n, window) -> window.seconds() > 4 ? never.apply(n, window) : words("a", 1);
        assertThrows(
                AudioException.class,
                () -> transcribe(engine(new Encoder(), new Decoder(once)), noise(5), Request.NONE));
    }

    @Test
    void liveSpeechIsReadAgainAndFinalAtAPause() {
        Decoder decoder = new Decoder((n, window) -> words("one two", Math.min(2, window.seconds())));
        List<RecognitionEvent> events = new ArrayList<>();
        AttentionStreaming live = new AttentionStreaming(
                new LogMelFrontEnd(FeatureSpec.whisper(80)),
                new Encoder(),
                decoder,
                AttentionOptions.STANDARD,
                StreamOptions.standard(),
                events::add);
        float[] sound = Arrays.copyOf(new float[RATE], 5 * RATE);
        System.arraycopy(noise(2), 0, sound, RATE, 2 * RATE);
        live.push(sound, 0, sound.length);
        live.push(sound, 0, sound.length);
        live.finish();
        List<RecognitionEvent.Final> finals = events.stream()
                .filter(RecognitionEvent.Final.class::isInstance)
                .map(RecognitionEvent.Final.class::cast)
                .toList();
        assertEquals(2, finals.size());
        assertEquals("one two", finals.get(1).segment().text());
        assertTrue(finals.get(0).segment().start() < 1.2, finals::toString);
        assertTrue(finals.get(1).segment().start() > 4.5, finals::toString);
        assertTrue(events.stream().anyMatch(RecognitionEvent.Partial.class::isInstance));
        assertTrue(decoder.asked.stream().anyMatch(how -> how.beam() == 1), "partials are greedy");
        assertTrue(decoder.asked.size() < 16, "21 chunks, of which many are silent: " + decoder.asked.size());
    }
}
