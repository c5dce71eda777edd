package org.omniscribe.asr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.decode.GreedyDecoder;
import org.omniscribe.asr.decode.Hypothesis;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Word;

class StitcherTest {
    private static final double STEP_SECONDS = 0.04;
    private static final int STEP = 640;
    private static final Vocabulary LETTERS =
            new Vocabulary(List.of("<blank>", "▁", "a", "b", "c", "d", "e", "f", "g", "h"));
    private static final Vocabulary PIECES =
            new Vocabulary(List.of("<blank>", "▁", "▁a", "▁be", "▁c", "dee", "e", "f", "ge"));

    /** A token and the step at which a perfect model would write it. */
    private record Spike(int token, int step) {}

    /** Running speech without a pause: words of one to six tokens, three to six steps from word to word. */
    private static List<Spike> speech(Random random, Vocabulary vocabulary, int steps) {
        List<Spike> spikes = new ArrayList<>();
        boolean letters = vocabulary == LETTERS;
        int step = 2;
        while (step < steps - 20) {
            if (letters && !spikes.isEmpty()) {
                spikes.add(new Spike(1, step));
                step += 2 + random.nextInt(2);
            }
            for (int left = 1 + random.nextInt(6), i = 0; i < left; i++) {
                int token = letters
                        ? 2 + random.nextInt(vocabulary.size() - 2)
                        : i == 0 ? 2 + random.nextInt(3) : 5 + random.nextInt(4);
                spikes.add(new Spike(token, step));
                step += 2 + random.nextInt(2);
            }
            step += 1 + random.nextInt(3);
        }
        return spikes;
    }

    /**
     * What a model would say of steps {@code start} to {@code end}: each spike up to one step off, and near an edge that
     * is not an end of the recording, where the model has seen too little, nonsense instead of every other token.
     */
    private static Emission emission(
            Random random, Vocabulary vocabulary, List<Spike> spikes, int start, int end, int steps) {
        float[][] logProbs = new float[end - start][vocabulary.size()];
        int[] path = new int[end - start];
        int previous = -steps;
        for (Spike spike : spikes) {
            int at = Math.max(previous + 2, spike.step - start + random.nextInt(3) - 1);
            if (at >= 0 && at < path.length) {
                boolean unsure = (start > 0 && at < 8) || (end < steps && at >= path.length - 8);
                path[at] = unsure && random.nextBoolean() ? 1 + random.nextInt(vocabulary.size() - 1) : spike.token;
                previous = at;
            }
        }
        for (int t = 0; t < path.length; t++) {
            Arrays.fill(logProbs[t], (float) Math.log(0.1 / (vocabulary.size() - 1)));
            logProbs[t][path[t]] = (float) Math.log(0.9);
        }
        int[][] expert = new int[2][path.length];
        for (int t = 0; t < path.length; t++) {
            expert[0][t] = start + t;
            expert[1][t] = start + t;
        }
        return new Emission(logProbs, new RoutingTrace(expert, new float[2][path.length]), STEP_SECONDS);
    }

    private static List<Stretch> stretches(Random random, Vocabulary vocabulary, List<Spike> spikes, int steps) {
        float[] samples = new float[steps * STEP];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.1 * random.nextGaussian());
        }
        Segmenter segmenter =
                new Segmenter(new AudioClip(samples, List.of()).source(), STEP, Segmenter.Cut.OVERLAPPING);
        Stitcher stitcher = new Stitcher(vocabulary);
        List<Stretch> stretches = new ArrayList<>();
        for (Piece piece; (piece = segmenter.next()) != null; ) {
            int start = (int) piece.startStep();
            Emission said = emission(random, vocabulary, spikes, start, start + piece.samples().length / STEP, steps);
            stitcher.add(piece, said).ifPresent(stretches::add);
        }
        stitcher.finish().ifPresent(stretches::add);
        assertEquals(Optional.empty(), stitcher.finish());
        return stretches;
    }

    @Test
    void noWordIsLostDoubledOrCutInSpeechWithoutPauses() {
        int cuts = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = seed % 2 == 0 ? LETTERS : PIECES;
            int steps = 2500 + random.nextInt(1000);
            List<Spike> spikes = speech(random, vocabulary, steps);
            GreedyDecoder decoder = new GreedyDecoder(vocabulary);
            List<Word> words = new ArrayList<>();
            List<Stretch> stretches = stretches(random, vocabulary, spikes, steps);
            for (Stretch stretch : stretches) {
                words.addAll(decoder.decode(stretch.emission())
                        .placed(stretch.firstStep() * STEP_SECONDS, steps * STEP_SECONDS)
                        .words());
            }
            cuts += stretches.size() - 1;
            String expected =
                    vocabulary.text(spikes.stream().mapToInt(Spike::token).toArray());
            assertEquals(expected, new Hypothesis(words, 0).text(), "seed " + seed);
            for (int i = 1; i < words.size(); i++) {
                assertTrue(words.get(i).start() >= words.get(i - 1).end());
            }
        }
        assertTrue(cuts > 150, "only " + cuts + " cuts were tried");
    }

    @Test
    void everyStepAndItsRoutingIsTakenOnceInOrder() {
        Random random = new Random(1);
        int steps = 3001;
        List<Stretch> stretches = stretches(random, LETTERS, speech(random, LETTERS, steps), steps);
        long next = 0;
        for (Stretch stretch : stretches) {
            assertEquals(next, stretch.firstStep());
            next += stretch.emission().steps();
        }
        assertEquals(steps, next);
        RoutingTrace joined = RoutingTrace.join(
                stretches.stream().map(s -> s.emission().routing()).toList());
        int[] counted = new int[steps];
        Arrays.setAll(counted, t -> t);
        assertEquals(2, joined.layers());
        assertArrayEquals(counted, joined.expert()[1]);
    }

    @Test
    void aStretchIsSilentWhereItsPieceIs() {
        Emission said = emission(new Random(2), LETTERS, List.of(), 0, 25, 25);
        Stitcher stitcher = new Stitcher(LETTERS);
        stitcher.add(new Piece(new float[AudioClip.SAMPLE_RATE], 0, 0, 25), said);
        assertTrue(stitcher.finish().orElseThrow().silent());
        stitcher.add(new Piece(new float[] {0.1f}, 0, 0, 25), said);
        assertFalse(stitcher.finish().orElseThrow().silent());
    }

    @Test
    void piecesThatLeaveAGapAreRefused() {
        float[] loud = {1};
        Stitcher stitcher = new Stitcher(LETTERS);
        stitcher.add(new Piece(loud, 0, 0, 10), emission(new Random(2), LETTERS, List.of(), 0, 10, 30));
        Emission later = emission(new Random(2), LETTERS, List.of(), 12, 30, 30);
        assertThrows(IllegalArgumentException.class, () -> stitcher.add(new Piece(loud, 12, 12, 30), later));
    }

    @Test
    void nothingAddedGivesNothing() {
        assertEquals(Optional.empty(), new Stitcher(LETTERS).finish());
        assertEquals(0, RoutingTrace.join(List.of()).steps());
    }
}
