package org.omniscribe.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;

class SegmentReaderTest {
    private static final Path CALL = Path.of(
            "src/test/resources/org/omniscribe/datasets/corpora/corpora/hub5/LDC2002S09/hub5e_00/english/en_4156.sph");

    private static Utterance at(double start, double end, int channel) {
        return new Utterance("u", CALL, start, end, channel, "", "");
    }

    @Test
    void inAnyOrderTheSamplesAreThoseOfTheWholeFile() {
        try (SegmentReader reader = new SegmentReader()) {
            double[][] segments = {
                {0.5, 0.75},
                {0.75, 1},
                {0.8, 1.3},
                {0.9, 1.1},
                {2, 2.1},
                {0, 0.1},
                {0.00003, 2.79},
                {2.5, 2.8},
                {1, 1.0001}
            };
            for (int channel : new int[] {0, 1, Utterance.ALL_CHANNELS}) {
                float[] all =
                        AudioReader.readAll(CALL, at(0, 1, channel).channels()).samples();
                for (double[] segment : segments) {
                    float[] expected = Arrays.copyOfRange(
                            all, (int) Math.round(segment[0] * 16000), (int) Math.round(segment[1] * 16000));
                    AudioClip clip = reader.read(at(segment[0], segment[1], channel));
                    assertArrayEquals(expected, clip.samples(), segment[0] + " to " + segment[1] + " of " + channel);
                }
            }
        }
    }

    @Test
    void aSegmentCutOffByTheEndIsToldAndOneBeyondItRefused() {
        try (SegmentReader reader = new SegmentReader()) {
            AudioClip clip = reader.read(at(2.5, 3.5, 0));
            assertEquals(0.3, clip.seconds(), 1e-3);
            assertTrue(
                    clip.warnings().get(0).contains("ends at 2.8 s, before the end of u at 3.5 s"),
                    clip.warnings() + "");
            DatasetException e = assertThrows(DatasetException.class, () -> reader.read(at(3, 3.5, 0)));
            assertTrue(e.getMessage().contains("it ends at 2.8 s, and u begins at 3.0 s"), e.getMessage());
            assertEquals(0.5, reader.read(at(1, 1.5, 0)).seconds(), "it goes on after a refusal");
        }
    }

    @Test
    void aWholeFileIsReadToItsEndWhateverLengthIsTold() {
        try (SegmentReader reader = new SegmentReader()) {
            assertEquals(
                    2.8, reader.read(Utterance.ofFile("u", CALL, 1, "", "")).seconds(), 1e-3);
        }
    }
}
