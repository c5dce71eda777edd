package org.omniscribe.asr.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LoudnessTest {
    private static final int STEP = 640;

    private final Random random = new Random(1);
    private final Loudness loudness = new Loudness(STEP, 0.04);

    /** Seconds of white noise. */
    private void hear(double seconds, double amplitude) {
        float[] samples = new float[(int) (seconds * 16000)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (amplitude * random.nextGaussian());
        }
        loudness.push(samples, 0, samples.length);
    }

    @Test
    void theNoiseOfTheRoomIsQuietHoweverLoudItIs() {
        hear(4, 0.1);
        assertEquals(0, loudness.loudSteps());
    }

    @Test
    void aVoiceAboveTheRoomIsLoud() {
        hear(2, 0.001);
        hear(0.4, 0.01);
        assertEquals(10, loudness.loudSteps(), 1);
        assertEquals(0, loudness.quietSteps());
        hear(0.8, 0.001);
        assertEquals(20, loudness.quietSteps());
    }

    @Test
    void aRoomThatGetsLouderIsQuietAfterAWhile() {
        hear(2, 0.001);
        hear(30, 0.01);
        assertTrue(loudness.quietSteps() > 50, "quiet steps: " + loudness.quietSteps());
    }

    @Test
    void silenceIsQuietFromTheFirstSample() {
        loudness.push(new float[STEP * 50], 0, STEP * 50);
        assertEquals(0, loudness.loudSteps());
        hear(1, 1e-5);
        assertEquals(75, loudness.quietSteps());
    }

    @Test
    void forgottenStepsDoNotCount() {
        hear(1, 0.0001);
        hear(1, 0.1);
        loudness.forget(40);
        assertEquals(10, loudness.loudSteps());
        assertEquals(0, loudness.quietSteps());
    }
}
