package org.omniscribe.asr.stream;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which steps are loud and which are quiet, against the noise of the room.
 *
 * <p>The power of each step is taken after pre-emphasis, which leaves out offset and hum. The room's noise is the least
 * power of late, smoothed over some steps; it follows down at once and up slowly. Not thread-safe.
 */
final class Loudness {
    /** Decibels above the room's noise from which a step is loud. */
    private static final double ABOVE_NOISE = 6;

    /** Decibels of full scale below which every step is quiet: the noise of an idle converter. */
    private static final double SILENCE = -85;

    /** Decibels by which the estimate of the noise rises in a second. */
    private static final double RISE = 1;

    private static final double SMOOTHING = 0.4;

    private final int stepSamples;
    private final double risePerStep;
    private final Deque<Boolean> loud = new ArrayDeque<>();
    private long from;
    private float previous;
    private double sum;
    private int held;
    private double smooth = Double.NaN;
    private double noise = Double.POSITIVE_INFINITY;

    /**
     * Starts at the beginning of a session.
     *
     * @param stepSamples samples of a step
     * @param stepSeconds the same in seconds
     */
    Loudness(int stepSamples, double stepSeconds) {
        this.stepSamples = stepSamples;
        risePerStep = RISE * stepSeconds;
    }

    void push(float[] samples, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double difference = samples[i] - 0.97 * previous;
            previous = samples[i];
            sum += difference * difference;
            if (++held == stepSamples) {
                step(10 * Math.log10(Math.max(sum / stepSamples, 1e-12)));
                held = 0;
                sum = 0;
            }
        }
    }

    private void step(double decibels) {
        smooth = Double.isNaN(smooth) ? decibels : smooth + SMOOTHING * (decibels - smooth);
        noise = Math.max(SILENCE, Math.min(noise + risePerStep, smooth));
        loud.addLast(decibels > noise + ABOVE_NOISE && decibels > SILENCE);
    }

    /** Forgets the steps before one. */
    void forget(long step) {
        while (from < step && !loud.isEmpty()) {
            loud.removeFirst();
            from++;
        }
    }

    /** Number of loud steps of those that are not forgotten. */
    int loudSteps() {
        int count = 0;
        for (boolean step : loud) {
            count += step ? 1 : 0;
        }
        return count;
    }

    /** Number of quiet steps since the last loud one. */
    int quietSteps() {
        int count = 0;
        for (var steps = loud.descendingIterator(); steps.hasNext() && !steps.next(); ) {
            count++;
        }
        return count;
    }
}
