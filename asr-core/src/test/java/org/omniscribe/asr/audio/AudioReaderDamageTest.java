package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What becomes of files that are not as they should be. */
class AudioReaderDamageTest {
    static final List<String> FILES = Sound.FILES;

    @TempDir
    Path folder;

    @Test
    void anEmptyFileIsNamedWithItsRemedy() throws Exception {
        Path file = Files.createFile(folder.resolve("nothing.wav"));
        AudioException e = assertThrows(AudioException.class, () -> AudioReader.open(file));
        assertEquals(file.toString(), e.source());
        assertEquals(OptionalLong.of(0), e.offset());
        assertEquals(
                file + ": is empty (0 bytes) (at byte 0). Record or copy the file again: nothing was saved in it.",
                e.getMessage());
    }

    @Test
    void aMissingFileAndAFolderAreTold() {
        Path missing = folder.resolve("missing.wav");
        assertTrue(message(() -> AudioReader.open(missing)).contains("there is no such file"));
        assertTrue(message(() -> AudioReader.open(folder)).contains("is a folder"));
    }

    private static String message(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(AudioException.class, action).getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "00000020667479704D344120, MP4",
        "1A45DFA39F4286810142F781, Matroska",
        "3026B2758E66CF11A6D900AA, Windows Media",
        "524946460000000041564920, AVI",
        "2321414D520A3C9117160000, AMR",
        "FFF15080021FFCDE02004C61, AAC",
        "68656C6C6F2C20776F726C64, no kind"
    })
    void otherKindsOfFilesAreNamedWithTheCommandThatConvertsThem(String bytes, String kind) throws Exception {
        byte[] start = java.util.HexFormat.of().parseHex(bytes);
        Path file = Files.write(folder.resolve("talk.m4a"), Arrays.copyOf(start, 5000));
        AudioException e = assertThrows(AudioException.class, () -> AudioReader.open(file));
        assertTrue(e.getMessage().contains(kind), e.getMessage());
        assertEquals("Convert it first: ffmpeg -i '" + file + "' -vn -ac 1 -ar 16000 'talk-16k.wav'", e.remedy());
    }

    @ParameterizedTest
    @CsvSource({"'ulaw,embedded-shorten-v2.00'", "'pcm,embedded-shortpack-v0'", "'pcm,embedded-wavpack'"})
    void otherCompressionsOfSphereAreRefusedWithAWayOut(String coding) {
        byte[] file = Sound.bytes("mulaw.sph");
        String header = new String(file, 0, 1024, StandardCharsets.US_ASCII)
                .replace("sample_coding -s4 ulaw", "sample_coding -s26 " + coding);
        byte[] shortened = Arrays.copyOf(header.getBytes(StandardCharsets.US_ASCII), 1024);
        String message = message(() -> Sound.open(shortened));
        assertTrue(message.contains("compressed") && message.contains("sph2pipe"), message);
    }

    @Test
    void whatIsThereOfCutOffOrDamagedShortenIsReadWithAWarning() {
        byte[] file = Sound.bytes("shorten.sph");
        float[] whole = Sound.samples(file);
        try (AudioReader reader = Sound.open(Arrays.copyOf(file, 3500))) {
            float[] some = Sound.samples(reader, 1000);
            assertTrue(some.length > 500 && some.length < whole.length, some.length + " samples");
            assertArrayEquals(Arrays.copyOf(whole, some.length), some);
            assertTrue(
                    reader.warnings().toString().contains("is cut off: its header promises 0.25 s, 0."),
                    reader.warnings().toString());
        }
        byte[] damaged = file.clone();
        Arrays.fill(damaged, 3000, 3400, (byte) 0);
        try (AudioReader reader = Sound.open(damaged)) {
            float[] some = Sound.samples(reader, 1000);
            assertArrayEquals(Arrays.copyOf(whole, 500), Arrays.copyOf(some, 500));
            assertTrue(
                    reader.warnings().toString().contains("is damaged ("),
                    reader.warnings().toString());
        }
    }

    @Test
    void wavOfAnUnknownCodingIsRefused() {
        byte[] file = Sound.concat(Sound.wavHeader(0x11, 1, 8000, 4, 100), new byte[100]);
        String message = message(() -> Sound.open(file));
        assertTrue(message.contains("format 0x0011"), message);
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void aFileCutInItsHeaderIsRefused(String fixture) {
        byte[] bytes = Sound.bytes(fixture);
        for (int length : new int[] {4, 11, 20, 27, 40}) {
            try (AudioReader reader = Sound.open(Arrays.copyOf(bytes, length))) {
                fail("read " + Sound.samples(reader, 100).length + " samples from the first " + length + " bytes");
            } catch (AudioException e) {
                assertFalse(e.remedy().isEmpty());
            }
        }
    }

    /** An Ogg file of less than a second has a single page of sound, so nothing is left of it. */
    @ParameterizedTest
    @FieldSource("FILES")
    void aFileCutInItsMiddleGivesItsFirstPartAndAWarning(String fixture) throws Exception {
        byte[] bytes = Sound.bytes(fixture);
        Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length * 7 / 10));
        float[] whole = Sound.samples(bytes);
        if (fixture.endsWith(".ogg") || fixture.endsWith(".opus")) {
            assertTrue(message(() -> AudioReader.readAll(file)).contains("no sound"));
            return;
        }
        AudioClip clip = AudioReader.readAll(file);
        int length = clip.samples().length;
        assertTrue(length > whole.length / 3 && length < whole.length * 9 / 10, length + " of " + whole.length);
        assertTrue(Sound.error(Arrays.copyOf(clip.samples(), length - 100), whole) < 1e-3);
        // A file of unknown length cannot be told from one that was cut.
        assertEquals(
                fixture.contains("pipe") ? 0 : 1,
                clip.warnings().stream()
                        .filter(w -> w.contains("cut off"))
                        .limit(1)
                        .count(),
                clip.warnings()::toString);
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void noDamageBreaksTheReaderOrMakesItPrint(String fixture) {
        byte[] bytes = Sound.bytes(fixture);
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(capture);
        System.setErr(capture);
        try {
            for (int seed = 0; seed < 12; seed++) {
                byte[] damaged = bytes.clone();
                Random random = new Random(seed);
                int count = 1 << random.nextInt(10);
                // Half of the Ogg files get right checksums again, so that the damage comes to the decoders.
                boolean fix = seed % 2 == 0 && bytes[0] == 'O';
                int from = fix ? bytes.length * 4 / 5 : 0;
                for (int i = 0; i < count; i++) {
                    damaged[from + random.nextInt(damaged.length - from)] = (byte) random.nextInt(256);
                }
                if (fix) {
                    Sound.fixOggChecksums(damaged);
                }
                try (AudioReader reader = Sound.open(damaged)) {
                    for (float sample : Sound.samples(reader, 4096)) {
                        assertTrue(Float.isFinite(sample));
                    }
                } catch (AudioException e) {
                    assertFalse(e.remedy().isEmpty());
                }
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    /** The fixture has frames of 256 samples, 512 after resampling. */
    @Test
    void aDamagedFlacFrameBecomesSilenceOfItsLength() {
        byte[] file = Sound.bytes("s16.flac");
        float[] whole = Sound.samples(file);
        byte[] damaged = file.clone();
        damaged[file.length / 2] ^= 0x10;
        try (AudioReader reader = Sound.open(damaged)) {
            float[] samples = Sound.samples(reader, 4096);
            assertEquals(whole.length, samples.length);
            assertEquals(1, reader.warnings().size(), reader.warnings()::toString);
            assertTrue(reader.warnings().get(0).contains("replaced by silence"));
            assertTrue(Sound.rms(whole, 1100, 1500) > 0.1);
            assertTrue(Sound.rms(samples, 1100, 1500) < 0.01, "the third frame is silent");
            assertTrue(Sound.error(Arrays.copyOf(samples, 980), whole) < 0.01, "before it nothing is changed");
            float[] rest = Arrays.copyOfRange(whole, 1600, 2400);
            assertTrue(Sound.error(Arrays.copyOfRange(samples, 1600, 2400), rest) < 0.01, "nor after it");
        }
    }

    /** The mark of a frame, but for its reserved bit; the library by itself would go round for ever behind it. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFalseFrameMarkAtTheEndOfAFlacFileIsPassedOver() {
        byte[] file = Sound.bytes("s16.flac");
        byte[] mark = {(byte) 0xff, (byte) 0xfa, 0, 0, 0, 0};
        try (AudioReader reader = Sound.open(Sound.concat(file, mark))) {
            assertArrayEquals(Sound.samples(file), Sound.samples(reader, 4096));
            assertEquals(List.of(), reader.warnings());
        }
    }

    @Test
    void bytesBetweenMp3FramesAreLeftOut() {
        byte[] file = Sound.bytes("constant.mp3");
        float[] whole = Sound.samples(file);
        // Every frame at 96 kbit/s and 32 kHz is 432 bytes long.
        int at = 5 * 432;
        byte[] garbage = "this does not belong here".getBytes(StandardCharsets.US_ASCII);
        byte[] spoilt = Sound.concat(Arrays.copyOf(file, at), garbage, Arrays.copyOfRange(file, at, file.length));
        try (AudioReader reader = Sound.open(spoilt)) {
            float[] samples = Sound.samples(reader, 4096);
            assertEquals(whole.length, samples.length);
            assertTrue(Sound.error(samples, whole) < 1e-6);
            assertEquals(1, reader.warnings().size(), reader.warnings()::toString);
        }
    }

    @Test
    void aFaultOfTheStreamIsToldWithItsPlace() {
        InputStream broken = new InputStream() {
            private final InputStream start =
                    new ByteArrayInputStream(Arrays.copyOf(Sound.wav(new float[100_000], 16000), 100_000));

            @Override
            public int read() throws IOException {
                int value = start.read();
                if (value < 0) {
                    throw new IOException("the wire was cut");
                }
                return value;
            }
        };
        try (AudioReader reader = AudioReader.open(broken, "line 1", new Channel.Mix())) {
            AudioException e = assertThrows(AudioException.class, () -> Sound.samples(reader, 4096));
            assertTrue(e.getMessage().startsWith("line 1: cannot be read: the wire was cut"), e.getMessage());
            assertTrue(e.offset().isPresent());
        }
    }

    @Test
    void manyWarningsAreCutShort() {
        Input input = new Input(InputStream.nullInputStream(), "test");
        for (int i = 0; i < 100; i++) {
            input.warn("warning " + i);
        }
        assertEquals(21, input.warnings().size());
        assertEquals("more warnings of this file are left out", input.warnings().get(20));
    }
}
