package org.omniscribe.asr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.RunningStatistics;

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

    private final Segmenter segmenter;
    private final LogMelFrontEnd frontEnd;
    private final int stacking;
    private final RunningStatistics statistics;
    private final Queue<Heard> waiting = new ArrayDeque<>();
    private boolean begun;
    private double loudest;

    /**
     * A piece with its features.
     *
     * @param features {@code [frame][bin]}
     */
    record Heard(Piece piece, float[][] features) {}

    /**
     * For a recording.
     *
     * @param stacking frames of a step
     */
    PieceFeatures(Segmenter segmenter, LogMelFrontEnd frontEnd, int stacking) {
        this.segmenter = segmenter;
        this.frontEnd = frontEnd;
        this.stacking = stacking;
        FeatureSpec spec = frontEnd.spec();
        statistics = spec.normalization() == FeatureSpec.Normalization.UTTERANCE
                ? new RunningStatistics(spec, MEMORY)
                : null;
    }

    /** The next piece; null when the recording has ended. */
    Heard next() {
        if (statistics == null) {
            Piece piece = segmenter.next();
            return piece == null ? null : new Heard(piece, frontEnd.features(piece.samples()));
        }
        if (!begun) {
            begun = true;
            double heard = 0;
            double stepSeconds = stacking * frontEnd.spec().hopSeconds();
            for (Heard ahead; heard < AHEAD && (ahead = listen()) != null; ) {
                waiting.add(ahead);
                heard += ahead.piece().steps() * stepSeconds;
            }
        }
        Heard next = waiting.isEmpty() ? listen() : waiting.remove();
        return next == null ? null : new Heard(next.piece(), statistics.normalized(Arrays.asList(next.features())));
    }

    /** A piece before normalisation, its own part of it added to the statistics as far as there is something to hear. */
    private Heard listen() {
        Piece piece = segmenter.next();
        if (piece == null) {
            return null;
        }
        float[][] frames = frontEnd.logMel(piece.samples());
        if (!piece.silent()) {
            int from = (int) (piece.fromStep() - piece.startStep()) * stacking;
            int to = (int) (piece.toStep() - piece.startStep()) * stacking;
            statistics.add(audible(
                    Arrays.asList(frames).subList(Math.min(frames.length, from), Math.min(frames.length, to)),
                    piece.samples(),
                    from));
        }
        return new Heard(piece, frames);
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
            power[t] = Segmenter.power(samples, (from + t) * hop, (from + t + 1) * hop);
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
