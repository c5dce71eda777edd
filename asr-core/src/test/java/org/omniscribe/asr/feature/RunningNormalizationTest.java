package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunningNormalizationTest {
    @Test
    void thePeakIsTheLargestValueSoFar() {
        RunningNormalization running = new RunningNormalization(FeatureSpec.whisper(2), 300);
        assertTrue(running.depends());
        float[] quiet = {-9, -2};
        List<float[]> first = List.of(quiet);
        running.add(first);
        assertArrayEquals(new float[] {-1.25f, 0.5f}, running.normalized(first)[0], "-9 is 7 below the peak of -2");
        assertArrayEquals(
                new float[] {-0.75f, 0.5f},
                running.normalized(first, List.of(new float[] {1, 0}))[0],
                "what is known for this once counts");
        running.add(List.of(new float[] {0, 1}));
        assertArrayEquals(new float[] {-0.75f, 0.5f}, running.normalized(first)[0], "a later peak stays");
        assertEquals(-9, quiet[0], "frames are not changed");
    }

    @Test
    void aWholeUtteranceIsAsTheFrontEndHasIt() {
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.whisper(80));
        float[] samples = TestSignal.of(8000);
        RunningNormalization running = new RunningNormalization(frontEnd.spec(), 300);
        List<float[]> frames = List.of(frontEnd.logMel(samples));
        assertEquals(50, frames.size());
        running.add(frames);
        assertArrayEquals(frontEnd.features(samples), running.normalized(frames));
        assertFalse(new RunningNormalization(
                        FeatureSpec.builder()
                                .normalization(new FeatureSpec.Normalization.None())
                                .build(),
                        300)
                .depends());
    }
}
