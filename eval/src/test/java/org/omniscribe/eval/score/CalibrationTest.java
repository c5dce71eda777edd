package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void theErrorIsTheMeanDistanceOfConfidenceAndAccuracyOverBins() {
        // By hand: bin 0.9 to 1 has three words, confidence 0.95, accuracy 2/3; bin 0.2 to 0.3 has one, 0.2 and 0.
        Calibration calibration = Calibration.of(List.of(
                new Calibration.Word(0.9, true),
                new Calibration.Word(0.95, true),
                new Calibration.Word(1, false),
                new Calibration.Word(0.2, false)));
        assertEquals(4, calibration.words());
        assertEquals((3 * (0.95 - 2 / 3.0) + 0.2) / 4, calibration.expectedError(), 1e-12);
        assertEquals(3, calibration.bins().get(9).words());
        assertEquals(1, calibration.bins().get(2).words());
    }

    @Test
    void withoutWordsThereIsNoError() {
        assertTrue(Double.isNaN(Calibration.of(List.of()).expectedError()));
    }
}
