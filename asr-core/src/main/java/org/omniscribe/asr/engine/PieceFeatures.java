package org.omniscribe.asr.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.RunningNormalization;

/**
 * The features of a recording's pieces, normalised over the recording and not over each piece, so that a piece says what
 * it would say within the whole.
 *
 * <p>The whole is not known while it is being read: the first {@value #AHEAD} s are heard before the first piece is
 * normalised, and from then on statistics are those of everything up to the end of a piece, the last {@value #MEMORY} s
 * of it above all. Long silences do not count, or speech between them would be as strange to the network as shouting in a
 * whisper: it has learned from utterances, which hold short ones. What a piece gets does not depend on how pieces are put
 * into batches. Not thread-safe.
 */
final class PieceFeatures {
    /** Seconds that are heard before the first piece is given out. */
    static final double AHEAD = 60;

    /** Seconds of a recording that the statistics remember. */
    static final double MEMORY = 300;

    /** What is fainter than the loudest frame so far by more than this factor of power, 40 dB, is silence. */
    private static final double FAINT = 1e-4;

    /** Seconds before and after a sound that count with it. */
    private static final double NEAR = 0.5;

    private static final float[][] NO_FRAMES = {};

    private final Segmenter segmenter;
    private final LogMelFrontEnd frontEnd;
    private final int stacking;
    private final boolean silence;
    private final RunningNormalization normalization;
    private final Queue<Featured> waiting = new ArrayDeque<>();
    private boolean begun;
    private double loudest;

    /**
     * A piece with its features.
     *
     * @param features {@code [frame][bin]}; no frames for a silent piece unless they are asked for
     */
    record Featured(Piece piece, float[][] features) {}

    /**
     * For a recording.
     *
     * @param stacking frames of a step
     * @param silence whether silent pieces get features too, which are noise
     */
    PieceFeatures(Segmenter segmenter, LogMelFrontEnd frontEnd, int stacking, boolean silence) {
        this.segmenter = segmenter;
        this.frontEnd = frontEnd;
        this.stacking = stacking;
        this.silence = silence;
        normalization = new RunningNormalization(frontEnd.spec(), MEMORY);
    }

    /** The next piece; null when the recording has ended. */
    Featured next() {
        if (!begun && normalization.depends()) {
            begun = true;
            double heard = 0;
            double stepSeconds = stacking * frontEnd.spec().hopSeconds();
            for (Featured ahead; heard < AHEAD && (ahead = listen()) != null; ) {
                waiting.add(ahead);
                heard += ahead.piece().steps() * stepSeconds;
            }
        }
        Featured next = waiting.isEmpty() ? listen() : waiting.remove();
        return next == null
                ? null
                : new Featured(next.piece(), normalization.normalized(Arrays.asList(next.features())));
    }

    /** A piece before normalisation, its own part of it added to the statistics as far as there is something to hear. */
    private Featured listen() {
        Piece piece = segmenter.next();
        if (piece == null) {
            return null;
        }
        float[][] frames = frames(piece);
        if (normalization.depends() && !piece.silent()) {
            int from = (int) (piece.fromStep() - piece.startStep()) * stacking;
            int to = (int) (piece.toStep() - piece.startStep()) * stacking;
            normalization.add(audible(
                    Arrays.asList(frames).subList(Math.min(frames.length, from), Math.min(frames.length, to)),
                    piece.samples(),
                    from));
        }
        return new Featured(piece, frames);
    }

    private float[][] frames(Piece piece) {
        if (piece.silent() && !silence) {
            return NO_FRAMES;
        }
        return normalization.depends() ? frontEnd.logMel(piece.samples()) : frontEnd.features(piece.samples());
    }

    /**
     * The frames that are near a sound.
     *
     * @param frames a part of a piece's
     * @param from the number of the first of them
     */
    private List<float[]> audible(List<float[]> frames, float[] samples, int from) {
        int hop = frontEnd.spec().hop();
        double[] power = new double[frames.size()];
        for (int t = 0; t < power.length; t++) {
            power[t] = Loudness.power(samples, (from + t) * hop, (from + t + 1) * hop);
            loudest = Math.max(loudest, power[t]);
        }
        int near = (int) Math.round(NEAR / frontEnd.spec().hopSeconds());
        List<float[]> audible = new ArrayList<>();
        int added = 0;
        for (int t = 0; t < power.length; t++) {
            if (power[t] >= loudest * FAINT) {
                int end = Math.min(power.length, t + near + 1);
                for (int u = Math.max(added, t - near); u < end; u++) {
                    audible.add(frames.get(u));
                }
                added = end;
            }
        }
        return audible;
    }
}
