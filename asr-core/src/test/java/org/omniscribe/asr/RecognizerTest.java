package org.omniscribe.asr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.decode.Hypothesis;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ToneModel;
import org.omniscribe.asr.testing.WavFile;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

class RecognizerTest {
    @TempDir
    static Path temp;

    private static Path bundle;
    private static Recognizer recognizer;

    @BeforeAll
    static void open() {
        bundle = temp.resolve("tone.zip");
        ToneModel.write(bundle);
        recognizer = Recognizer.open(bundle);
    }

    @AfterAll
    static void close() {
        recognizer.close();
    }

    private static AudioClip clip(float[] samples) {
        return new AudioClip(samples, List.of());
    }

    /** A 16-bit WAV file with one channel for each row. */
    private static Path wav(String name, float[]... channels) throws IOException {
        return WavFile.write(temp.resolve(name), channels);
    }

    /** Words of letters that never stand beside their like. */
    private static String text(int words, Random random) {
        StringBuilder text = new StringBuilder();
        for (int w = 0; w < words; w++) {
            text.append(w == 0 ? "" : " ");
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                text.append((char) ('a' + random.nextInt(7)));
            }
        }
        return text.toString();
    }

    @Test
    void threeLinesFromAFileToItsText() throws IOException {
        Path recording = wav("bad cab.wav", ToneModel.speak("a bad cab"));
        try (Recognizer own = Recognizer.open(bundle)) {
            assertEquals("a bad cab", own.transcribe(recording).text());
        }
    }

    @Test
    void aTranscriptSaysWhatItIsOf() throws IOException {
        Path recording = wav("face.wav", ToneModel.speak("face"));
        Transcript transcript = recognizer.transcribe(recording);
        assertEquals(recording.toString(), transcript.file());
        assertEquals(1.0, transcript.duration(), 1e-9);
        assertEquals("tone", transcript.model());
        assertEquals(List.of(), transcript.warnings());
        assertTrue(transcript.routing().isEmpty());
    }

    @Test
    void wordsLieWhereTheySound() {
        float[] samples = new float[AudioClip.SAMPLE_RATE * 3];
        float[] word = ToneModel.speak("cab");
        System.arraycopy(word, 0, samples, AudioClip.SAMPLE_RATE * 2, word.length);
        Word cab = recognizer.transcribe(clip(samples), "cab").words().get(0);
        assertEquals("cab", cab.text());
        assertEquals(2.2, cab.start(), 0.05);
        assertEquals(2.2 + 2 * 0.2 + 0.12, cab.end(), 0.09);
        assertTrue(cab.confidence() > 0.9, "confidence " + cab.confidence());
    }

    @Test
    void aLongRecordingLosesNoWordAndDoublesNone() {
        String text = text(800, new Random(7));
        AudioClip clip = clip(ToneModel.speak(text));
        assertTrue(clip.seconds() > 300);
        Transcript transcript = recognizer.transcribe(clip, "long");
        assertEquals(text, transcript.text());
        double at = 0;
        for (Word word : transcript.words()) {
            assertTrue(word.start() >= at && word.end() <= transcript.duration(), word::toString);
            at = word.end();
        }
    }

    @Test
    void theSizeOfABatchDoesNotChangeTheTranscript() {
        AudioClip clip = clip(ToneModel.speak(text(300, new Random(8))));
        RecognizerOptions.Builder options =
                RecognizerOptions.builder().model(bundle).threads(1);
        try (Recognizer small = Recognizer.open(options.batchSeconds(0.1).build());
                Recognizer large = Recognizer.open(options.batchSeconds(600).build())) {
            assertEquals(small.transcribe(clip, "x"), large.transcribe(clip, "x"));
        }
    }

    @Test
    void silenceGivesAnEmptyTranscript() throws IOException {
        Transcript transcript = recognizer.transcribe(wav("silence.wav", new float[AudioClip.SAMPLE_RATE * 40]));
        assertEquals("", transcript.text());
        assertEquals(List.of(), transcript.segments());
        assertEquals(40, transcript.duration(), 1e-9);
    }

    @Test
    void lessThanAWindowGivesAnEmptyTranscript() throws IOException {
        assertEquals(
                List.of(),
                recognizer.transcribe(wav("click.wav", new float[] {0.5f})).segments());
        assertEquals(
                List.of(), recognizer.transcribe(clip(new float[399]), "short").segments());
        Transcript nothing = recognizer.transcribe(clip(new float[0]), "nothing");
        assertEquals(List.of(), nothing.segments());
        assertEquals(0, nothing.duration());
    }

    @Test
    void aChannelCanBePicked() throws IOException {
        Path call = wav("call.wav", ToneModel.speak("bad"), ToneModel.speak("gag"));
        for (int c = 0; c < 2; c++) {
            RecognizerOptions options = RecognizerOptions.builder()
                    .model(bundle)
                    .channel(new Channel.Pick(c))
                    .build();
            try (Recognizer one = Recognizer.open(options)) {
                assertEquals(c == 0 ? "bad" : "gag", one.transcribe(call).text());
            }
        }
    }

    @Test
    void routingIsKeptOnRequestAndCoversEveryStep() {
        AudioClip clip = clip(ToneModel.speak(text(200, new Random(9))));
        RecognizerOptions options =
                RecognizerOptions.builder().model(bundle).routing(true).build();
        try (Recognizer tracing = Recognizer.open(options)) {
            Transcript transcript = tracing.transcribe(clip, "x");
            Transcript.Routing routing = transcript.routing().orElseThrow();
            assertEquals(0.04, routing.stepSeconds(), 1e-12);
            assertEquals(2, routing.trace().layers());
            assertEquals(clip.seconds() / 0.04, routing.trace().steps(), 1.5);
            for (Word word : transcript.words()) {
                int step = (int) Math.round(word.start() / 0.04) + 1;
                assertEquals(1, routing.trace().expert()[0][step], "sound goes to expert 1 in layer 0");
            }
        }
    }

    @Test
    void progressRisesToTheWholeRecording() throws IOException {
        Path recording = wav("progress.wav", ToneModel.speak(text(200, new Random(10))));
        List<Double> heard = new ArrayList<>();
        Transcript transcript = recognizer.transcribe(recording, (done, total) -> {
            assertEquals(total, AudioReader.readAll(recording).seconds(), 1e-6);
            heard.add(done);
        });
        assertTrue(heard.size() >= 2, heard::toString);
        assertEquals(heard.stream().sorted().toList(), heard);
        assertEquals(transcript.duration(), heard.get(heard.size() - 1));
    }

    @Test
    void theDecoderIsTheOneAskedFor() {
        RecognizerOptions options = RecognizerOptions.builder()
                .model(bundle)
                .decoder(vocabulary -> emission -> new Hypothesis(List.of(new Word("always", 0, 0.01, 1)), 0))
                .build();
        try (Recognizer own = Recognizer.open(options)) {
            assertEquals(
                    "always", own.transcribe(clip(ToneModel.speak("bad")), "x").text());
        }
    }

    @Test
    void manyThreadsMayShareOneRecognizer() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            Random random = new Random(11);
            List<String> texts = new ArrayList<>();
            List<Future<Transcript>> transcripts = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String text = text(1 + random.nextInt(60), random);
                texts.add(text);
                transcripts.add(threads.submit(() -> recognizer.transcribe(clip(ToneModel.speak(text)), "x")));
            }
            for (int i = 0; i < texts.size(); i++) {
                assertEquals(texts.get(i), transcripts.get(i).get().text());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aReaderThatIsHandedInStaysOpen() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        byte[] bytes = Files.readAllBytes(wav("stream.wav", ToneModel.speak("egg")));
        ByteArrayInputStream in = new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        try (AudioReader reader = AudioReader.open(in, "standard input", new Channel.Mix())) {
            Transcript transcript = recognizer.transcribe(reader, "standard input", (done, total) -> {});
            assertEquals("egg", transcript.text());
            assertEquals("standard input", transcript.file());
            assertFalse(closed.get());
        }
        assertTrue(closed.get());
    }

    @Test
    void damageIsToldInTheTranscript() throws IOException {
        byte[] bytes = Files.readAllBytes(wav("whole.wav", ToneModel.speak("deaf")));
        Path cut = temp.resolve("cut.wav");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 4000));
        Transcript transcript = recognizer.transcribe(cut);
        assertEquals("deaf", transcript.text());
        assertEquals(1, transcript.warnings().size(), transcript.warnings()::toString);
    }

    @Test
    void faultsKeepTheirOwnExceptions() throws IOException {
        Path notes = Files.writeString(temp.resolve("notes.txt"), "not a sound");
        assertThrows(AudioException.class, () -> recognizer.transcribe(notes));
        assertThrows(ModelException.class, () -> Recognizer.open(temp.resolve("no such bundle")));
        Recognizer closed = Recognizer.open(bundle);
        closed.close();
        closed.close();
        AudioClip clip = clip(ToneModel.speak("a"));
        assertThrows(IllegalStateException.class, () -> closed.transcribe(clip, "x"));
    }

    @Test
    void optionsReportAllTheirFaultsAtOnce() {
        RecognizerOptions.Builder options =
                RecognizerOptions.builder().threads(0).batchSeconds(-1);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, options::build);
        assertEquals(
                "RecognizerOptions: threads must be from 1 to 1024, not 0; batchSeconds must be above 0 and at most"
                        + " 3600.0, not -1.0",
                e.getMessage());
    }
}
