package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleCheckTest {
    @Test
    void whatIsNoSoundIsRefusedWithItsPlace() {
        for (float bad :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -3e38f, 1.0001e4f}) {
            SampleCheck check = new SampleCheck("x.wav", 8000, 2);
            check.pass(new float[8000], 0, 8000);
            float[] more = new float[20];
            more[15] = bad;
            AudioException e = assertThrows(AudioException.class, () -> check.pass(more, 4, 16));
            assertTrue(e.getMessage().startsWith("x.wav: at 0.5006 s, the sample of channel 2 is "), e::getMessage);
            assertTrue(e.getMessage().contains("copy or export it again"), e::getMessage);
        }
    }

    @Test
    void whatFloatingPointRecordingsReachIsSound() {
        SampleCheck check = new SampleCheck("x.wav", 16000, 1);
        check.pass(new float[] {0, -1, 1.5f, -1e4f, 1e4f, Float.MIN_VALUE}, 0, 6);
        check.pass(new float[] {Float.NaN, 0, Float.NaN}, 1, 1);
        assertEquals(7, check.frames());
        assertEquals(7 / 16000.0, check.seconds());
    }

    @Test
    void aCheckedSourceGivesWhatItReadsAndCountsIt() {
        float[] samples = {1, 2, 3, Float.NaN};
        CheckedSource source = new CheckedSource(new AudioClip(samples, List.of()).source(), "clip");
        float[] buffer = new float[5];
        assertEquals(2, source.read(buffer, 1, 2));
        assertEquals(0, source.read(buffer, 0, 0));
        assertEquals(1, source.read(buffer, 3, 1));
        assertEquals(List.of(0f, 1f, 2f, 3f, 0f), List.of(buffer[0], buffer[1], buffer[2], buffer[3], buffer[4]));
        assertEquals(3 / 16000.0, source.seconds());
        assertThrows(AudioException.class, () -> source.read(buffer, 0, 5));
        CheckedSource empty = new CheckedSource(new AudioClip(new float[0], List.of()).source(), "clip");
        assertEquals(-1, empty.read(buffer, 0, 5));
        assertEquals(0, empty.seconds());
    }
}
