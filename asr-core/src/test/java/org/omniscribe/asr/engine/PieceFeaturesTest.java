package org.omniscribe.asr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.RunningStatistics;

class PieceFeaturesTest {
    private static final int STACKING = 4;

    private final LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.standard());

    /** Noise that is twice as loud every ten seconds and between two colours. */
    private static float[] recording(int seconds) {
        Random random = new Random(3);
        float[] samples = new float[seconds * AudioClip.SAMPLE_RATE];
        for (int i = 1; i < samples.length; i++) {
            double loudness = 0.001 * Math.pow(2, i / (10.0 * AudioClip.SAMPLE_RATE) % 7);
            samples[i] = (float) (loudness * random.nextGaussian() + 0.6 * samples[i - 1]);
        }
        return samples;
    }

    private List<PieceFeatures.Featured> pieces(float[] samples) {
        Segmenter segmenter = new Segmenter(
                new AudioClip(samples, List.of()).source(),
                STACKING * FeatureSpec.standard().hop(),
                Segmenter.Cut.OVERLAPPING);
        PieceFeatures pieces = new PieceFeatures(segmenter, frontEnd, STACKING, true);
        List<PieceFeatures.Featured> all = new ArrayList<>();
        for (PieceFeatures.Featured next; (next = pieces.next()) != null; ) {
            all.add(next);
        }
        return all;
    }

    @Test
    void theFeaturesOfAPieceAreThoseOfItsPlaceInTheRecording() {
        float[] samples = recording(55);
        float[][] whole = frontEnd.features(samples);
        List<PieceFeatures.Featured> pieces = pieces(samples);
        assertTrue(pieces.size() >= 3);
        for (PieceFeatures.Featured heard : pieces) {
            int first = (int) heard.piece().startStep() * STACKING;
            for (int t = 0; t < heard.features().length; t++) {
                // Frames at the cuts are counted in neither piece or by half: a few of thousands.
                assertArrayEquals(whole[first + t], heard.features()[t], 0.01f, "frame " + (first + t));
            }
        }
    }

    /** Otherwise a sentence and half a minute of silence come out as other words than the sentence, or none. */
    @Test
    void longSilencesDoNotChangeWhatIsBetweenThem() {
        int second = AudioClip.SAMPLE_RATE;
        float[] sound = Arrays.copyOf(recording(5), 5 * second + second / 2);
        float[] samples = Arrays.copyOf(sound, 36 * second);
        Random random = new Random(4);
        for (int i = 20 * second; i < samples.length; i++) {
            samples[i] += (float) (1e-6 * random.nextGaussian());
        }
        float[][] alone = frontEnd.features(sound);
        List<PieceFeatures.Featured> pieces = pieces(samples);
        for (int t = 0; t < 500; t++) {
            assertArrayEquals(alone[t], pieces.get(0).features()[t], 0.05f, "frame " + t);
        }
    }

    @Test
    void alongLongRecordingsThePastFadesAway() {
        List<PieceFeatures.Featured> pieces = pieces(recording(200));
        float[][] last = pieces.get(pieces.size() - 1).features();
        double mean = Arrays.stream(last).mapToDouble(f -> f[40]).average().orElseThrow();
        assertTrue(Math.abs(mean) < 2, "mean " + mean);
        RunningStatistics statistics = new RunningStatistics(FeatureSpec.standard(), 1);
        statistics.add(constant(1000, 5));
        statistics.add(constant(300, 9));
        // One second of the past weighs a third of three seconds since.
        assertEquals(
                (9 - (100 * 5 + 300 * 9) / 400.0) / Math.sqrt(3), statistics.normalized(constant(1, 9))[0][0], 1e-4);
    }

    private static List<float[]> constant(int count, float value) {
        float[] frame = new float[80];
        Arrays.fill(frame, value);
        return Collections.nCopies(count, frame);
    }

    @Test
    void aSilentPieceLeavesTheStatisticsAlone() {
        float[] samples = Arrays.copyOf(recording(20), 50 * AudioClip.SAMPLE_RATE);
        float[][] spoken = frontEnd.features(Arrays.copyOf(samples, 20 * AudioClip.SAMPLE_RATE));
        double mean = 0;
        for (PieceFeatures.Featured heard : pieces(samples)) {
            if (heard.piece().startStep() == 0) {
                mean = Arrays.stream(heard.features())
                        .limit(spoken.length)
                        .mapToDouble(f -> f[40])
                        .average()
                        .orElseThrow();
            }
        }
        assertTrue(mean < 1, "the speech is shifted by " + mean + " deviations");
    }

    @Test
    void silentPiecesHaveFeaturesOnlyOnRequest() {
        float[] samples = Arrays.copyOf(recording(5), 100 * AudioClip.SAMPLE_RATE);
        PieceFeatures pieces = new PieceFeatures(
                new Segmenter(
                        new AudioClip(samples, List.of()).source(),
                        STACKING * FeatureSpec.standard().hop(),
                        Segmenter.Cut.OVERLAPPING),
                frontEnd,
                STACKING,
                false);
        List<PieceFeatures.Featured> asked = pieces(samples);
        for (PieceFeatures.Featured piece : asked) {
            float[][] features = pieces.next().features();
            assertTrue(piece.features().length > 0);
            assertEquals(piece.piece().silent() ? 0 : piece.features().length, features.length);
        }
        assertTrue(asked.get(asked.size() - 1).piece().silent());
    }
}
