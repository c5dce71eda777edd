package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing in a recording is lost without a word, and no sample that is no sound gets through. */
class NothingSilentTest {
    private static final int RATE = 16000;

    private record Heard(float[] samples, List<String> warnings) {}

    private static Heard hear(byte[] file) {
        try (AudioReader reader = Sound.open(file)) {
            return new Heard(Sound.samples(reader, 5000), reader.warnings());
        }
    }

    private static byte[] floats(float... samples) {
        ByteBuffer file = ByteBuffer.allocate(44 + 4 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(Sound.wavHeader(3, 1, RATE, 32, 4 * samples.length));
        for (float sample : samples) {
            file.putFloat(sample);
        }
        return file.array();
    }

    private static byte[] channels(float[]... channels) {
        ByteBuffer file = ByteBuffer.allocate(44 + 2 * channels.length * channels[0].length)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(Sound.wavHeader(1, channels.length, RATE, 16, file.capacity() - 44));
        for (int i = 0; i < channels[0].length; i++) {
            for (float[] channel : channels) {
                file.putShort((short) Math.round(channel[i] * 32767));
            }
        }
        return file.array();
    }

    private static float[] noise(int length, float level) {
        java.util.Random random = new java.util.Random(3);
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (random.nextFloat() - 0.5f) * level;
        }
        return noise;
    }

    private static float[] scaled(float[] samples, float factor) {
        float[] scaled = samples.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    @ParameterizedTest
    @ValueSource(floats = {1e30f, -3e38f, Float.NaN, Float.POSITIVE_INFINITY, 20000})
    void oneSampleThatIsNoSoundBecomesSilenceAndIsNamed(float value) {
        float[] tone = Sound.sine(440, RATE, RATE);
        tone[8000] = value;
        Heard heard = hear(floats(tone));
        tone[8000] = 0;
        assertArrayEquals(tone, heard.samples);
        assertEquals(1, heard.warnings.size());
        assertTrue(heard.warnings.get(0).contains("(the first at 0.50 s)"), heard.warnings.get(0));
    }

    @ParameterizedTest
    @ValueSource(floats = {1e18f, Float.NaN, Float.NEGATIVE_INFINITY})
    void aFileOfSuchSamplesIsUnreadable(float factor) {
        byte[] file = floats(scaled(Sound.sine(440, RATE, RATE), factor));
        AudioException e = assertThrows(AudioException.class, () -> hear(file));
        assertTrue(e.getMessage().contains("out of range"), e.getMessage());
    }

    @Test
    void channelsThatCancelEachOtherOutAreTurned() {
        float[] tone = Sound.sine(440, RATE, 2 * RATE);
        Heard heard = hear(channels(tone, scaled(tone, -1)));
        double error = Sound.error(heard.samples, tone);
        assertTrue(error < 1e-3, () -> error + " " + heard.warnings);
        assertEquals(1, heard.warnings.size());
        assertTrue(heard.warnings.get(0).contains("cancel each other out"), heard.warnings.get(0));
        Heard unlike = hear(channels(tone, scaled(tone, -0.9f)));
        assertEquals(0.336, Sound.rms(unlike.samples, 0, RATE), 0.01);
        assertEquals(1, unlike.warnings.size());
    }

    @Test
    void aMixFarBelowItsOnlyChannelGivesWayToIt() {
        float[] tone = Sound.sine(440, RATE, RATE);
        float[][] many = new float[16][RATE];
        many[3] = tone;
        Heard heard = hear(channels(many));
        assertTrue(Sound.error(heard.samples, tone) < 1e-3);
        assertTrue(heard.warnings.get(0).contains("channel 4"), heard.warnings.get(0));
    }

    @Test
    void usualStereoIsMixedAsBefore() {
        float[] left = noise(RATE, 0.5f);
        float[] right = Sound.sine(300, RATE, RATE);
        Heard heard = hear(channels(left, right));
        assertEquals(List.of(), heard.warnings);
        float[] mean = new float[RATE];
        for (int i = 0; i < RATE; i++) {
            mean[i] = (left[i] + right[i]) / 2;
        }
        assertTrue(Sound.error(heard.samples, mean) < 1e-3);
        assertEquals(List.of(), hear(channels(left, new float[RATE])).warnings);
    }

    /** Pairs of fixtures: the first goes on as the second. */
    @ParameterizedTest
    @CsvSource({
        "speech-gain.opus, vorbis.ogg",
        "vorbis.ogg, speech-gain.opus",
        "vorbis.ogg, flac.ogg",
        "flac.ogg, surround.ogg",
        "constant.mp3, variable-tagged.mp3",
        "layer2-16000-2-160.mp2, layer2-24000-1-96.mp2",
        "constant.mp3, s16.flac",
        "constant.mp3, vorbis.ogg",
        "s16.flac, s24.flac",
        "s16.flac, u8.wav",
        "u8.wav, s16-pipe.wav",
        "f32.wav, s24.aiff",
        "mulaw.sph, u8.wav",
        "vorbis.ogg, u8.wav",
    })
    void aFileThatGoesOnInAnotherWayIsReadOnAndSaysSo(String first, String second) {
        byte[] a = Sound.bytes(first);
        byte[] b = Sound.bytes(second);
        Heard heard = hear(Sound.concat(a, b));
        int expected = Sound.samples(a).length + Sound.samples(b).length;
        assertEquals(expected, heard.samples.length, 600);
        assertTrue(heard.warnings.stream().anyMatch(w -> w.startsWith("after 0.")), () -> "warnings " + heard.warnings);
        float[] last = Sound.samples(b);
        float[] end = Arrays.copyOfRange(heard.samples, heard.samples.length - last.length, heard.samples.length);
        assertTrue(Sound.error(end, last) < 0.1, "the second is there");
    }

    @Test
    void flacThatChangesItsRateWithoutAHeaderIsReadOn() {
        byte[] a = Sound.bytes("s16.flac");
        OggStream ogg = new OggStream(new Input(new ByteArrayInputStream(Sound.bytes("flac.ogg")), "fixture"));
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (OggPage page; (page = ogg.next()) != null; ) {
            page.packets().stream().filter(p -> p.length > 0 && p[0] == -1).forEach(frames::writeBytes);
        }
        Heard heard = hear(Sound.concat(a, frames.toByteArray()));
        assertTrue(heard.samples.length > 2400, "samples " + heard.samples.length);
        assertTrue(
                heard.warnings.stream().anyMatch(w -> w.contains("goes on in another form (16000 Hz")),
                () -> "warnings " + heard.warnings);
    }

    @Test
    void bytesBehindTheDeclaredSoundAreNamed() {
        byte[] file = Sound.wav(noise(RATE, 1), RATE);
        System.arraycopy(Sound.wavHeader(1, 1, RATE, 16, RATE), 0, file, 0, 44);
        Heard heard = hear(file);
        assertEquals(RATE / 2, heard.samples.length);
        assertEquals(
                List.of(
                        "16000 bytes behind the sound of 0.50 s that the header declares are not read (from byte 16044 on,"
                                + " which would be 0.50 s of sound)"),
                heard.warnings);
    }

    @Test
    void anOddChunkWithoutItsPadByteIsRead() {
        byte[] wav = Sound.wav(Sound.sine(440, RATE, 800), RATE);
        byte[] list = Sound.concat("LIST".getBytes(), new byte[] {17, 0, 0, 0}, "INFOINAM\5\0\0\0abcde".getBytes());
        byte[] head = Arrays.copyOf(wav, 36);
        byte[] data = Arrays.copyOfRange(wav, 36, wav.length);
        assertArrayEquals(Sound.samples(wav), hear(Sound.concat(head, list, data)).samples);
        assertArrayEquals(Sound.samples(wav), hear(Sound.concat(head, list, new byte[1], data)).samples);
        // Behind the sound, too.
        assertEquals(
                List.of(), hear(Sound.concat(wav, list, "LIST".getBytes(), new byte[] {2, 0, 0, 0, 1, 2})).warnings);
    }

    @Test
    void extensibleFilesOfTheOtherByteOrderAreRead() {
        ByteBuffer file = ByteBuffer.allocate(68 + 200);
        file.put("RIFX".getBytes()).putInt(260).put("WAVEfmt ".getBytes()).putInt(40);
        file.putShort((short) 0xfffe)
                .putShort((short) 1)
                .putInt(RATE)
                .putInt(2 * RATE)
                .putShort((short) 2);
        file.putShort((short) 16).putShort((short) 22).putShort((short) 16).putInt(4);
        file.putInt(1).putShort((short) 0).putShort((short) 16).put(new byte[8]);
        file.put("data".getBytes()).putInt(200);
        file.putShort((short) 16384);
        float[] samples = hear(file.array()).samples;
        assertEquals(100, samples.length);
        assertEquals(0.5f, samples[0]);
    }

    @Test
    void theLongerTagOfOldProgramsIsNoDamage() {
        byte[] file = Sound.bytes("constant.mp3");
        byte[] longer = Arrays.copyOf("TAG+a sweep".getBytes(), 227);
        byte[] tag = Arrays.copyOf("TAGa sweep".getBytes(), 128);
        assertEquals(List.of(), hear(Sound.concat(file, longer, tag)).warnings);
    }

    @Test
    void hintsCanBePastedWhateverTheNameIs(@TempDir Path folder) throws Exception {
        for (String name : List.of("x$(id).m4a", "it's.m4a", "a b`id`.m4a")) {
            Path file =
                    Files.write(folder.resolve(name), new byte[] {0, 0, 0, 32, 'f', 't', 'y', 'p', 'M', '4', 'A', ' '});
            String remedy = assertThrows(AudioException.class, () -> AudioReader.open(file))
                    .remedy();
            assertTrue(remedy.contains("ffmpeg -i '" + file.toString().replace("'", "'\\''") + "' -vn"), remedy);
        }
    }

    /** A frame of 65,535 zeros takes 14 bytes; the clock is not looked at, only that it comes to an end. */
    @Test
    void hoursOfDigitalSilenceCostLittle() throws Exception {
        byte[] head = Arrays.copyOf(Sound.bytes("s16.flac"), 42);
        head[4] = (byte) 0x80;
        head[21] &= (byte) 0xf0;
        Arrays.fill(head, 22, 26, (byte) 0);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(head);
        for (int i = 0; i < 1500; i++) {
            file.write(silentFrame(i));
        }
        try (AudioReader reader = Sound.open(file.toByteArray())) {
            float[] buffer = new float[RATE];
            long count = 0;
            for (int n; (n = reader.read(buffer, 0, RATE)) > 0; ) {
                count += n;
            }
            assertEquals(1500L * 65535 * 2, count);
        }
    }

    private static byte[] silentFrame(int number) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        // A fixed block size of 16 bits behind the number, the rate and width of the header, two channels.
        frame.writeBytes(new byte[] {-1, (byte) 0xf8, 0x70, 0x10});
        frame.writeBytes(Character.toString(number).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        frame.writeBytes(new byte[] {-1, -2});
        frame.write(crc(frame.toByteArray(), 8, 0x07));
        frame.writeBytes(new byte[] {0, 0, 0, 0, 0, 0});
        int crc = crc(frame.toByteArray(), 16, 0x8005);
        frame.write(crc >> 8);
        frame.write(crc);
        return frame.toByteArray();
    }

    private static int crc(byte[] bytes, int width, int polynomial) {
        int crc = 0;
        for (byte b : bytes) {
            crc ^= (b & 0xff) << width - 8;
            for (int i = 0; i < 8; i++) {
                crc = (crc << 1 ^ ((crc >> width - 1 & 1) == 1 ? polynomial : 0)) & (1 << width) - 1;
            }
        }
        return crc;
    }

    @Test
    void resamplingIsTheSameWhereSilenceIsPassedOver() {
        float[] tone = Sound.sine(440, 44100, 44100);
        float[] with = Arrays.copyOf(tone, 44100 * 3 + 777);
        System.arraycopy(tone, 0, with, 44100 * 2 + 777, 44100);
        // A grain of sand in the middle keeps the shortcut away.
        float[] sand = with.clone();
        for (int i = 44100; i < 44100 * 2 + 777; i += 1000) {
            sand[i] = 1e-20f;
        }
        assertArrayEquals(Resampler.resample(sand, 44100, 16000), Resampler.resample(with, 44100, 16000), 1e-6f);
    }

    @Test
    void aStreamIsReadAsAFileIs() {
        byte[] file = Sound.concat(Sound.bytes("u8.wav"), Sound.bytes("vorbis.ogg"));
        InputStream slow = new ByteArrayInputStream(file) {
            @Override
            public synchronized int read(byte[] b, int offset, int length) {
                return super.read(b, offset, Math.min(length, 100));
            }
        };
        try (AudioReader reader = AudioReader.open(slow, "slow", new Channel.Mix())) {
            assertArrayEquals(Sound.samples(file), Sound.samples(reader, 77));
        }
    }
}
