package org.omniscribe.asr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.SampleSource;

class SegmenterTest {
    private static final int RATE = AudioClip.SAMPLE_RATE;
    private static final int STEP = 640;
    private static final double MAX_SECONDS = Segmenter.Cut.OVERLAPPING.longest();

    /** Gives out samples in small pieces of odd length and remembers how far it was read. */
    private static final class Tape implements SampleSource {
        final float[] samples;
        int position;

        Tape(float[] samples) {
            this.samples = samples;
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            if (position == samples.length) {
                return -1;
            }
            int n = Math.min(Math.min(length, 4097), samples.length - position);
            System.arraycopy(samples, position, buffer, offset, n);
            position += n;
            return n;
        }
    }

    private static float[] noise(double seconds) {
        Random random = new Random(5);
        float[] samples = new float[(int) (seconds * RATE)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.1 * random.nextGaussian());
        }
        return samples;
    }

    private static List<Piece> pieces(float[] samples) {
        Segmenter segmenter = new Segmenter(new Tape(samples), STEP, Segmenter.Cut.OVERLAPPING);
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece; (piece = segmenter.next()) != null; ) {
            pieces.add(piece);
        }
        assertNull(segmenter.next());
        return pieces;
    }

    @Test
    void aRecordingThatTheModelCanTakeIsOnePiece() {
        for (double seconds : new double[] {1.0 / RATE, 0.01, 3.21, MAX_SECONDS}) {
            float[] samples = noise(seconds);
            List<Piece> pieces = pieces(samples);
            assertEquals(1, pieces.size(), seconds + " s");
            assertArrayEquals(samples, pieces.get(0).samples());
            assertEquals((samples.length + STEP - 1) / STEP, pieces.get(0).toStep());
        }
    }

    @Test
    void aRecordingWithoutASampleHasNoPiece() {
        assertTrue(pieces(new float[0]).isEmpty());
    }

    @Test
    void piecesAnswerForEveryStepOnceAndHoldContextOnBothSides() {
        for (double seconds : new double[] {25.01, 26, 39.99, 40, 41.3, 60, 137.77, 300}) {
            float[] samples = noise(seconds);
            List<Piece> pieces = pieces(samples);
            long expected = 0;
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                boolean last = i == pieces.size() - 1;
                assertEquals(expected, piece.fromStep());
                expected = piece.toStep();
                double answers = (piece.toStep() - piece.fromStep()) * STEP / (double) RATE;
                assertTrue(answers <= MAX_SECONDS + 0.05, seconds + ": " + answers);
                assertTrue(answers >= MAX_SECONDS * 0.375 - 0.05, seconds + ": " + answers);
                assertEquals(Math.max(0, piece.fromStep() - 25), piece.startStep());
                int start = (int) piece.startStep() * STEP;
                int end = last ? samples.length : (int) (piece.toStep() + 25) * STEP;
                assertArrayEquals(Arrays.copyOfRange(samples, start, end), piece.samples());
            }
            assertEquals((samples.length + STEP - 1) / STEP, expected);
        }
    }

    @Test
    void cutsLieInPausesWhateverTheOffsetAndHum() {
        float[] samples = noise(200);
        // A pause of 0.45 s every 7 s: two in every range of 10 s at most, one at least.
        for (int i = 0; i < samples.length; i++) {
            if (i % (7 * RATE) < 0.45 * RATE) {
                samples[i] *= 0.05f;
            }
            samples[i] += 0.3f + (float) (0.2 * Math.sin(2 * Math.PI * 50 * i / RATE));
        }
        List<Piece> pieces = pieces(samples);
        assertTrue(pieces.size() > 7);
        for (Piece piece : pieces.subList(0, pieces.size() - 1)) {
            double second = piece.toStep() * STEP / (double) RATE % 7;
            assertTrue(second >= 0.15 && second <= 0.3, "cut " + second + " s after a pause began");
        }
    }

    @Test
    void readsNoFurtherAheadThanItsBuffer() {
        Tape tape = new Tape(noise(400));
        Segmenter segmenter = new Segmenter(tape, STEP, Segmenter.Cut.OVERLAPPING);
        for (Piece piece; (piece = segmenter.next()) != null; ) {
            assertTrue(tape.position - piece.startStep() * STEP <= 42 * RATE);
        }
    }

    @Test
    void onlyWhatNobodyCanHearIsSilent() {
        float[] samples = new float[1000];
        Arrays.fill(samples, 2f / 32768);
        assertTrue(new Piece(samples, 0, 0, 1).silent());
        samples[999] = -0.001f;
        assertFalse(new Piece(samples, 0, 0, 1).silent());
    }
}
