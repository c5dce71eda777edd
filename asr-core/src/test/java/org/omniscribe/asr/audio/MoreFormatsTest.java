package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds of files that once came out wrong or not at all, against ffmpeg's decode (make_more_audio_fixtures.sh). */
class MoreFormatsTest {
    @ParameterizedTest
    @CsvSource({
        "layer2-16000-1-64.mp2, 1, 0.0005",
        "layer2-16000-2-160.mp2, 2, 0.0005",
        "layer2-24000-1-96.mp2, 1, 0.0005",
        "layer2-22050-2-32.mp2, 2, 0.0005",
        "layer2-48000-2-192.mp2, 2, 0.0005",
        "layer2-44100-1-32.mp2, 1, 0.0005",
        "layer2-32000-2-64.mp2, 2, 0.0005",
        "layer3-8000.mp3, 1, 0.0005",
        "flac.ogg, 2, 1e-9",
    })
    void everyChannelEqualsTheReference(String fixture, int channels, double bound) {
        float[] expected = Sound.reference(fixture + ".ref");
        PcmSource source = Formats.open(new Input(new ByteArrayInputStream(Sound.bytes(fixture)), fixture));
        assertEquals(channels, source.channels());
        float[] actual = all(source);
        // What a reader drops at the start for the delay of a layer III decoder, ffmpeg drops by the encoder's word
        // alone.
        int dropped = fixture.startsWith("layer3") ? 529 : 0;
        assertEquals(expected.length, actual.length + dropped * channels);
        double error = Sound.error(actual, Arrays.copyOfRange(expected, dropped * channels, expected.length));
        assertTrue(error < bound, () -> "relative error " + error);
    }

    private static float[] all(PcmSource source) {
        float[] all = new float[1 << 20];
        float[] buffer = new float[1000 * source.channels()];
        int length = 0;
        for (int n; (n = source.read(buffer)) > 0; length += n * source.channels()) {
            System.arraycopy(buffer, 0, all, length, n * source.channels());
        }
        return Arrays.copyOf(all, length);
    }

    @Test
    void vorbisOfSixChannelsIsDecoded() {
        // The orders of Vorbis (left, middle, right, rear left, rear right, low) and of WAV files.
        int[] order = {0, 2, 1, 4, 5, 3};
        float[] expected = Sound.reference("surround.ogg.ref");
        float[] actual = all(Formats.open(new Input(new ByteArrayInputStream(Sound.bytes("surround.ogg")), "test")));
        // ffmpeg gives out the last block whole; the file says that it holds 0.3 s.
        assertEquals(6 * 4800, actual.length);
        float[] reordered = new float[actual.length];
        for (int i = 0; i < actual.length; i++) {
            reordered[i / 6 * 6 + order[i % 6]] = actual[i];
        }
        double error = Sound.error(reordered, expected);
        assertTrue(error < 0.0005, () -> "relative error " + error);
    }

    @Test
    void flacOf32BitsIsRead() {
        assertArrayEquals(Sound.samples(Sound.bytes("s32.wav")), Sound.samples(Sound.bytes("s32.flac")), 1e-7f);
    }

    /** Every frame of the fixture is 432 bytes long, so the free format says the same in another way. */
    @Test
    void theFreeFormatIsRead() {
        byte[] file = Sound.bytes("constant.mp3");
        float[] expected = Sound.samples(file);
        for (int at = 0; at < file.length; at += 432) {
            file[at + 2] &= 0x0f;
        }
        try (AudioReader reader = Sound.open(file)) {
            assertArrayEquals(expected, Sound.samples(reader, 1000));
            assertEquals(List.of(), reader.warnings());
        }
    }

    @Test
    void zerosInFrontOfMpegAudioArePassedOver() {
        byte[] file = Sound.bytes("constant.mp3");
        assertArrayEquals(Sound.samples(file), Sound.samples(Sound.concat(new byte[200_000], file)));
        byte[] text = "neither zeros nor sound ".repeat(5000).getBytes();
        assertArrayEquals(Sound.samples(file), Sound.samples(Sound.concat(text, file)));
    }
}
