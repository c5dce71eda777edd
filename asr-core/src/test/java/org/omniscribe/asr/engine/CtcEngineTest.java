package org.omniscribe.asr.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.GreedyDecoder;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ToneModel;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Transcript;

class CtcEngineTest {
    private static final int RATE = AudioClip.SAMPLE_RATE;

    @TempDir
    static Path temp;

    private static Path bundle;

    @BeforeAll
    static void write() {
        bundle = temp.resolve("tone.zip");
        ToneModel.write(bundle);
    }

    private static Recognizer recognizer(CtcDecoder decoder) {
        return Recognizer.open(RecognizerOptions.builder()
                .model(bundle)
                .threads(1)
                .decoder(any -> decoder)
                .build());
    }

    private static AudioClip clip(float[] samples) {
        return new AudioClip(samples, List.of());
    }

    private static Transcript transcribe(float[] samples) {
        try (Recognizer own = Recognizer.open(bundle)) {
            return own.transcribe(clip(samples), "x.wav");
        }
    }

    /** A decoder that fails as on a network's nonsense. */
    private static Emission fail(Emission emission) {
        throw new ModelException("the model's output at step 0 is no log-probability (NaN)");
    }

    @Test
    void aFailureThatAKnownGoodSignalDoesNotHaveIsTheRecordings() {
        float[] samples = ToneModel.speak("a bad cab egg");
        GreedyDecoder greedy = new GreedyDecoder(ToneModel.vocabulary());
        int steps = (int) Math.round(samples.length / 640.0);
        CtcDecoder decoder =
                emission -> greedy.decode(Math.abs(emission.steps() - steps) < 3 ? fail(emission) : emission);
        try (Recognizer own = recognizer(decoder)) {
            AudioException e = assertThrows(AudioException.class, () -> own.transcribe(clip(samples), "odd.wav"));
            assertTrue(
                    e.getMessage().startsWith("odd.wav: the model, which is in order, can make nothing of"),
                    e::getMessage);
            assertEquals(
                    "bad",
                    own.transcribe(clip(ToneModel.speak("bad")), "next.wav").text());
        }
    }

    @Test
    void aFailureThatAKnownGoodSignalHasTooIsTheModels() {
        try (Recognizer own =
                recognizer(emission -> new GreedyDecoder(ToneModel.vocabulary()).decode(fail(emission)))) {
            assertThrows(ModelException.class, () -> own.transcribe(clip(ToneModel.speak("a bad cab")), "x.wav"));
        }
    }

    @Test
    void aClipWithASampleThatIsNoSoundIsRefused() {
        float[] samples = ToneModel.speak("a bad cab");
        samples[8000] = 1e30f;
        AudioException e = assertThrows(AudioException.class, () -> transcribe(samples));
        assertEquals(
                "x.wav: at 0.5000 s, the sample is 1.00e+30, where full scale is 1: this is no sound. The file is damaged,"
                        + " or its header names the wrong sample format: copy or export it again as 16-bit PCM.",
                e.getMessage());
    }

    @Test
    void silenceReachesNoDecoderAndChangesNothingElse() {
        float[] word = ToneModel.speak("cab");
        float[] samples = Arrays.copyOf(word, 90 * RATE);
        System.arraycopy(word, 0, samples, 80 * RATE, word.length);
        GreedyDecoder greedy = new GreedyDecoder(ToneModel.vocabulary());
        CtcDecoder decoder = emission -> {
            assertTrue(Arrays.stream(emission.logProbs()).anyMatch(row -> row[0] < -1), "only silence");
            return greedy.decode(emission);
        };
        try (Recognizer own = recognizer(decoder)) {
            Transcript transcript = own.transcribe(clip(samples), "x.wav");
            assertEquals("cab cab", transcript.text());
            assertEquals(80.2, transcript.words().get(1).start(), 0.05);
            assertEquals("", own.transcribe(clip(new float[60 * RATE]), "x.wav").text());
        }
    }

    @Test
    void silenceIsASureBlank() {
        RoutingTrace none = RoutingTrace.join(List.of());
        Emission quiet = Silence.emission(ToneModel.manifest().architecture(), 25, none, 0.04);
        assertEquals(25, quiet.steps());
        assertEquals(
                List.of(),
                new GreedyDecoder(ToneModel.vocabulary()).decode(quiet).words());
        assertSame(none, quiet.routing());
    }

    @Test
    void anEmptyTranscriptHasAReason() {
        float[] faint = ToneModel.speak("cab");
        for (int i = 0; i < faint.length; i++) {
            faint[i] *= 0.001f;
        }
        float[] click = new float[RATE];
        click[5000] = 0.5f;
        assertEquals(
                Optional.of(
                        "no words: the recording is silent (digital silence). Check the microphone, its cable and which"
                                + " channel was recorded"),
                transcribe(new float[RATE]).warnings().stream().findFirst());
        assertEquals(
                List.of("no words: the recording is only 10 ms long. Check that it is complete"),
                transcribe(new float[160]).warnings());
        String loud = transcribe(click).warnings().get(0);
        assertTrue(
                loud.startsWith("no words were found, although the recording is not silent (its loudest sample is at"
                        + " -6 dB of full scale). Play it"),
                loud);
        assertTrue(
                NoWords.reason(3, 0.003f).contains("very faint (its loudest sample is at -50 dB"),
                NoWords.reason(3, 0.003f));
        assertEquals(List.of(), transcribe(ToneModel.speak("cab")).warnings());
    }
}
