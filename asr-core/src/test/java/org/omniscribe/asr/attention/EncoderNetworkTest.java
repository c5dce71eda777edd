package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;

class EncoderNetworkTest {
    @Test
    void windowsAreFilledUpWithWhatWhisperMakesOfSilence() {
        float[] sound = new float[32000];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (float) (0.2 * Math.sin(i * 0.05));
        }
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.whisper(80));
        float[][] features = frontEnd.features(sound);
        float[][] padded = frontEnd.features(Arrays.copyOf(sound, 30 * 16000));
        float[][] filled = EncoderNetwork.filledUp(features, 3000);
        assertEquals(3000, filled.length);
        for (int t = 205; t < 3000; t++) {
            assertArrayEquals(padded[t], filled[t], 1e-5f, "frame " + t);
        }
        assertSame(features, EncoderNetwork.filledUp(features, 0));
        assertSame(features, EncoderNetwork.filledUp(features, features.length));
    }
}
