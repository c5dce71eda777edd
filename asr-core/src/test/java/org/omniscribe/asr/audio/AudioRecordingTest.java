package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioRecordingTest {
    private static final float STEP = 1 / 32768f;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"talk.wav", "new/TALK.FLAC"})
    void whatIsRecordedCanBeReadAgain(String name) {
        float[] samples = Sound.sine(440, AudioClip.SAMPLE_RATE, 50_001);
        Path file = folder.resolve(name);
        try (AudioRecording recording = AudioRecording.create(file)) {
            for (int at = 0; at < samples.length; at += 777) {
                recording.write(samples, at, Math.min(777, samples.length - at));
            }
        }
        AudioClip clip = AudioReader.readAll(file);
        assertEquals(samples.length, clip.samples().length);
        assertTrue(clip.warnings().isEmpty(), clip.warnings()::toString);
        for (int i = 0; i < samples.length; i++) {
            assertEquals(samples[i], clip.samples()[i], STEP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"talk.wav", "talk.flac"})
    void aCrashLosesTheLastSecondAtMost(String name) {
        Path file = folder.resolve(name);
        AudioRecording recording = AudioRecording.create(file);
        recording.write(Sound.sine(440, AudioClip.SAMPLE_RATE, 80_000), 0, 80_000);
        assertTrue(AudioReader.readAll(file).samples().length >= 64_000);
        recording.close();
        recording.close();
        assertEquals(80_000, AudioReader.readAll(file).samples().length);
    }

    @Test
    void whatIsTooLoudIsClipped() {
        Path file = folder.resolve("loud.wav");
        try (AudioRecording recording = AudioRecording.create(file)) {
            recording.write(new float[] {3, -3, 0.5f}, 0, 3);
        }
        float[] samples = AudioReader.readAll(file).samples();
        assertEquals(1, samples[0], 2 * STEP);
        assertEquals(-1, samples[1], STEP);
        assertEquals(0.5f, samples[2], STEP);
    }

    @Test
    void faultsSayWhatToDo() throws IOException {
        AudioException kind = assertThrows(AudioException.class, () -> AudioRecording.create(folder.resolve("a.mp3")));
        assertTrue(kind.getMessage().endsWith("End its name in .wav or .flac."), kind::getMessage);
        Path notes = Files.writeString(folder.resolve("notes"), "a file, not a folder");
        AudioException place =
                assertThrows(AudioException.class, () -> AudioRecording.create(notes.resolve("talk.wav")));
        assertTrue(place.getMessage().contains("cannot be written"), place::getMessage);
    }
}
