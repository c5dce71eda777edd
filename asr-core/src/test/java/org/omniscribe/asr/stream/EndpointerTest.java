package org.omniscribe.asr.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.stream.RecognitionEvent.Endpoint.Reason;

class EndpointerTest {
    private final Endpointer endpointer = new Endpointer(new StreamOptions(0.48, 0.8, 1.6, 20));

    @Test
    void aPauseEndsAnUtteranceThatHasWords() {
        assertEquals(Optional.of(Reason.PAUSE), endpointer.decide(true, 0.8, 0.8, 3));
        assertEquals(Optional.empty(), endpointer.decide(true, 0.76, 0.8, 3));
        assertEquals(Optional.empty(), endpointer.decide(true, 0.8, 0.76, 3));
        assertEquals(Optional.empty(), endpointer.decide(false, 5, 5, 5));
    }

    @Test
    void noiseMakesThePauseLonger() {
        assertEquals(Optional.empty(), endpointer.decide(true, 1.56, 0, 3));
        assertEquals(Optional.of(Reason.PAUSE), endpointer.decide(true, 1.6, 0, 3));
    }

    @Test
    void lengthEndsEverything() {
        assertEquals(Optional.of(Reason.LENGTH), endpointer.decide(true, 0, 0, 20));
        assertEquals(Optional.of(Reason.LENGTH), endpointer.decide(false, 0, 0, 20));
        assertEquals(Optional.empty(), endpointer.decide(true, 0, 0, 19.9));
    }

    @Test
    void optionsReportAllTheirFaultsAtOnce() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new StreamOptions(0, 0.8, 0.7, Double.NaN));
        assertEquals(
                "StreamOptions: chunkSeconds must be from 0.04 to 10, not 0.0; noisyPauseSeconds must be from 0.8 to"
                        + " 60, not 0.7; longestSeconds must be from 4 to 60, not NaN",
                e.getMessage());
    }
}
