package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every format against the decode of its reference program (made by make_audio_fixtures.sh). */
class AudioReaderGoldenTest {
    @TempDir
    Path folder;

    /** The bounds are a half more than was measured; 8-bit and companded files bear the noise of their coding. */
    @ParameterizedTest
    @CsvSource({
        "u8.wav, linear.ref, 0.033",
        "s16-pipe.wav, linear.ref, 0.00045",
        "s24-extensible.wav, linear.ref, 0.00045",
        "s32.wav, linear.ref, 0.00045",
        "f32.wav, linear.ref, 0.00045",
        "f64.wav, linear.ref, 0.00045",
        "mulaw.wav, linear.ref, 0.021",
        "alaw.wav, linear.ref, 0.018",
        "s24.aiff, linear.ref, 0.00045",
        "sowt.aifc, linear.ref, 0.00045",
        "mulaw.au, linear.ref, 0.021",
        "s16-big.sph, linear.ref, 0.00045",
        "mulaw.sph, linear.ref, 0.021",
        "shorten.sph, shorten.ref, 1e-9",
        "shorten-plain.sph, shorten-plain.ref, 1e-9",
        "shorten-v1.sph, shorten.ref, 1e-9",
        "s16.flac, linear.ref, 0.00045",
        "s24.flac, s24.flac.ref, 0.00045",
        "constant.mp3, constant.mp3.ref, 0.0004",
        "variable-tagged.mp3, variable-tagged.mp3.ref, 0.0004",
        "vorbis.ogg, vorbis.ogg.ref, 0.0004",
        "speech-gain.opus, speech-gain.opus.ref, 0.001"
    })
    void equalsTheReferenceDecode(String fixture, String reference, double bound) throws Exception {
        // A name that says nothing: the content decides.
        Path file = Files.write(folder.resolve("recording.bin"), Sound.bytes(fixture));
        AudioClip clip = AudioReader.readAll(file);
        float[] expected = Sound.reference(reference);
        double error = Sound.error(clip.samples(), expected);
        assertAll(
                () -> assertEquals(expected.length, clip.samples().length, "length"),
                () -> assertTrue(error < bound, () -> "relative error " + error),
                () -> assertEquals(List.of(), clip.warnings()));
        try (AudioReader reader = AudioReader.open(file)) {
            assertEquals(clip.seconds(), reader.seconds(), 1e-3, "expected duration");
        }
    }

    @Test
    void expandsG711AsSoxDoes() {
        byte[] codes = new byte[256];
        int[] muLaw = new int[256];
        int[] aLaw = new int[256];
        new String(Sound.bytes("g711.txt"), StandardCharsets.US_ASCII).lines().forEach(line -> {
            String[] fields = line.split(" ");
            int code = Integer.parseInt(fields[0]);
            codes[code] = (byte) code;
            muLaw[code] = Integer.parseInt(fields[1]);
            aLaw[code] = Integer.parseInt(fields[2]);
        });
        assertArrayEquals(muLaw, expand(SampleFormat.MU_LAW, codes));
        assertArrayEquals(aLaw, expand(SampleFormat.A_LAW, codes));
    }

    private static int[] expand(SampleFormat format, byte[] codes) {
        float[] out = new float[256];
        format.decode(codes, false, out, 256);
        int[] expanded = new int[256];
        Arrays.setAll(expanded, i -> Math.round(out[i] * 32768));
        return expanded;
    }

    @Test
    void readsSphereOfEitherByteOrder() {
        byte[] big = Sound.bytes("s16-big.sph");
        String header = new String(big, 0, 1024, StandardCharsets.US_ASCII);
        byte[] little = Sound.concat(
                header.replace("-s2 10", "-s2 01").getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOfRange(big, 1024, big.length));
        for (int i = 1024; i < little.length; i += 2) {
            byte first = little[i];
            little[i] = little[i + 1];
            little[i + 1] = first;
        }
        assertArrayEquals(Sound.samples(big), Sound.samples(little));
    }

    @Test
    void bothChannelsOfShortenAreDecoded() throws Exception {
        Path file = Files.write(folder.resolve("a.wv1"), Sound.bytes("shorten-stereo.sph"));
        float[] both = Sound.reference("shorten-stereo.ref");
        for (int channel = 0; channel < 2; channel++) {
            float[] samples =
                    AudioReader.readAll(file, new Channel.Pick(channel)).samples();
            assertEquals(both.length / 2, samples.length);
            for (int i = 0; i < samples.length; i++) {
                assertEquals(both[2 * i + channel], samples[i], 1e-7f, "sample " + i + " of channel " + channel);
            }
        }
    }

    @Test
    void flacIsBitExact() {
        assertArrayEquals(Sound.samples(Sound.bytes("s16-pipe.wav")), Sound.samples(Sound.bytes("s16.flac")));
    }

    @Test
    void mp3WithoutDescriptionLosesOnlyTheDecoderDelay() {
        byte[] file = Sound.bytes("constant.mp3");
        float[] described = Sound.samples(file);
        // The description is a frame of its own: at 96 kbit/s and 32 kHz 432 bytes. LAME's delay is 576 samples.
        float[] bare = Sound.samples(Arrays.copyOfRange(file, 432, file.length));
        int delay = 576 / 2;
        assertTrue(bare.length > described.length + delay);
        assertTrue(Sound.error(Arrays.copyOfRange(bare, delay, bare.length), described) < 1e-5);
    }
}
