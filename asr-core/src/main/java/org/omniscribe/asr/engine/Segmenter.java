package org.omniscribe.asr.engine;

import java.util.Arrays;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.SampleSource;

/**
 * Cuts a recording of any length into pieces that a model can take, as the samples come.
 *
 * <p>A recording of up to the longest length of a {@link Cut} is one piece. A longer one is cut between the shortest and the
 * longest length after the last cut, where {@value #HUSH} s around the cut are quietest; close to the end the range is scaled
 * so that no short piece is left over. Where there is context, both neighbours of a cut also hold sound from beyond it, so
 * that a cut without a pause loses nothing: {@link Stitcher} finds the best step in what they share.
 *
 * <p>Holds so much audio as the three lengths have together and nothing else, however long the recording is. Not thread-safe.
 */
final class Segmenter {
    /**
     * Where recordings are cut.
     *
     * @param shortest seconds that a piece is answerable for at least, where the recording is longer than {@code longest}
     * @param longest seconds that a piece is answerable for at most
     * @param context seconds that a piece holds beyond each of its cuts; 0 for none
     */
    record Cut(double shortest, double longest, double context) {
        /** For models of which what they say of the context can be compared. */
        static final Cut OVERLAPPING = new Cut(15, 25, 1);

        /** For models that write the text of a window of up to 30 s. */
        static final Cut APART = new Cut(15, 29, 0);
    }

    /** Seconds around a cut over which loudness is measured: the length of a short pause between phrases. */
    static final double HUSH = 0.4;

    private final SampleSource source;
    private final int stepSamples;
    private final int shortest;
    private final int longest;
    private final int context;
    private final int halfHush;

    private final float[] buffer;
    private int filled;
    private boolean ended;
    /** The recording's step at which the buffer begins. */
    private long bufferStep;
    /** The recording's step that no piece has answered for yet. */
    private long fromStep;

    /**
     * Starts at the beginning of a recording.
     *
     * @param source mono samples at {@link AudioClip#SAMPLE_RATE}
     * @param stepSamples samples from one step of the model to the next: hop times stacking
     * @param cut where to cut
     */
    Segmenter(SampleSource source, int stepSamples, Cut cut) {
        this.source = source;
        this.stepSamples = stepSamples;
        shortest = steps(cut.shortest);
        longest = steps(cut.longest);
        context = cut.context == 0 ? 0 : steps(cut.context);
        halfHush = steps(HUSH / 2);
        buffer = new float[(context + shortest + longest) * stepSamples];
    }

    private int steps(double seconds) {
        return (int) Math.max(1, seconds * AudioClip.SAMPLE_RATE / stepSamples);
    }

    /**
     * Reads on to the next cut.
     *
     * @return the next piece, or null when the recording has ended; a recording without a sample has no piece
     */
    Piece next() {
        fill();
        int from = (int) (fromStep - bufferStep);
        int rest = filled - from * stepSamples;
        if (rest <= 0) {
            return null;
        }
        // Unless the end is in sight, the buffer is full and the rest is at least shortest + longest.
        int restSteps = rest / stepSamples;
        if (ended && rest <= longest * stepSamples) {
            Piece last = new Piece(
                    Arrays.copyOf(buffer, filled), bufferStep, fromStep, fromStep + ceilDiv(rest, stepSamples));
            fromStep = last.toStep();
            drop(filled);
            return last;
        }
        int both = shortest + longest;
        int visible = Math.min(restSteps, both);
        int cut = quietest(from + visible * shortest / both, from + visible * longest / both);
        Piece piece =
                new Piece(Arrays.copyOf(buffer, (cut + context) * stepSamples), bufferStep, fromStep, bufferStep + cut);
        fromStep = piece.toStep();
        int dropped = Math.max(0, cut - context);
        bufferStep += dropped;
        drop(dropped * stepSamples);
        return piece;
    }

    private void fill() {
        while (!ended && filled < buffer.length) {
            int read = source.read(buffer, filled, buffer.length - filled);
            ended = read < 0;
            filled += Math.max(0, read);
        }
    }

    private void drop(int samples) {
        filled -= samples;
        System.arraycopy(buffer, samples, buffer, 0, filled);
    }

    /** The step of the buffer, of {@code low} to {@code high}, around which it is quietest; the last of equals. */
    private int quietest(int low, int high) {
        int first = low - halfHush;
        double[] power = new double[high + halfHush - first];
        for (int i = 0; i < power.length; i++) {
            power[i] = Loudness.power(buffer, (first + i) * stepSamples, (first + i + 1) * stepSamples);
        }
        int best = high;
        double least = Double.POSITIVE_INFINITY;
        for (int cut = low; cut <= high; cut++) {
            double sum = 0;
            for (int i = cut - halfHush; i < cut + halfHush; i++) {
                sum += power[i - first];
            }
            if (sum <= least) {
                least = sum;
                best = cut;
            }
        }
        return best;
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
