package org.omniscribe.asr.audio;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Band-limited change of the sampling rate, piece by piece.
 *
 * <p>The filter is TarsosDSP's high-quality one (a Kaiser-windowed sinc after J. O. Smith's <i>Digital Audio Resampling</i>,
 * roll-off 0.9, beta 6). It has no delay: output sample {@code i} lies at the time {@code i / to} of the input, and n input
 * samples give {@code round(n * to / from)} output samples. Equal rates pass through untouched. Not thread-safe.
 */
public final class Resampler {
    private static final int BLOCK = 4096;
    /** After so many blocks of zeros, the filter holds nothing else: it looks back over some hundred samples. */
    private static final int BLOCKS_OF_MEMORY = 4;

    private final int from;
    private final int to;
    private final double factor;
    private final be.tarsos.dsp.resample.Resampler filter;
    private final float[] block = new float[BLOCK];
    private int filled;
    private long taken;
    private long given;
    private float[] out;
    private int outLength;
    /** Inputs after which input and output are in step again, and outputs to that. */
    private final int periodIn;

    private final int periodOut;
    /** Blocks of nothing but zeros that the filter has seen in a row. */
    private int zeroBlocks;
    /** Zeros that the filter has not seen. */
    private long zerosWaiting;

    /**
     * A resampler at the start of a signal.
     *
     * @param from rate of the input in Hz, at least 1
     * @param to rate of the output in Hz, at least 1
     */
    public Resampler(int from, int to) {
        if (from < 1 || to < 1) {
            throw new IllegalArgumentException("cannot resample from " + from + " Hz to " + to + " Hz");
        }
        this.from = from;
        this.to = to;
        this.factor = to / (double) from;
        this.filter = from == to ? null : new be.tarsos.dsp.resample.Resampler(true, factor, factor);
        int common = BigInteger.valueOf(from).gcd(BigInteger.valueOf(to)).intValue();
        this.periodIn = from / common;
        this.periodOut = to / common;
        this.out = new float[(int) Math.ceil(2 * BLOCK * factor) + 64];
    }

    /**
     * Resamples a whole signal.
     *
     * @param samples the input; not changed
     * @return {@code round(samples.length * to / from)} samples
     */
    public static float[] resample(float[] samples, int from, int to) {
        Resampler resampler = new Resampler(from, to);
        float[] first = resampler.push(samples, 0, samples.length);
        float[] rest = resampler.finish();
        float[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    /**
     * Takes the next input samples.
     *
     * @return the output samples that are certain by now, perhaps none; the same in sum however the input is cut
     */
    public float[] push(float[] samples, int offset, int length) {
        outLength = 0;
        if (filter == null) {
            return Arrays.copyOfRange(samples, offset, offset + length);
        }
        // The filter always sees whole blocks, so that its rounding does not depend on how the input arrives.
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int n = Math.min(BLOCK - filled, end - at);
            System.arraycopy(samples, at, block, filled, n);
            filled += n;
            at += n;
            if (filled == BLOCK) {
                filter(false);
            }
        }
        return Arrays.copyOf(out, outLength);
    }

    /** Ends the signal and gives the output samples that are still owed. */
    public float[] finish() {
        outLength = 0;
        if (filter == null) {
            return new float[0];
        }
        filter(true);
        long owed = Math.round(taken * factor) - (given - outLength);
        return Arrays.copyOf(out, (int) owed);
    }

    private void filter(boolean last) {
        taken += filled;
        boolean zero = zero();
        if (zero && zeroBlocks >= BLOCKS_OF_MEMORY && !last) {
            silence();
            return;
        }
        zeroBlocks = zero ? zeroBlocks + 1 : 0;
        if (zerosWaiting > 0) {
            float[] zeros = new float[(int) zerosWaiting];
            zerosWaiting = 0;
            process(zeros, zeros.length, false);
        }
        process(block, filled, last);
        filled = 0;
    }

    private boolean zero() {
        for (int i = 0; i < filled; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** What the filter would make of a block of zeros when it remembers nothing else. Its phase stays as it was. */
    private void silence() {
        zerosWaiting += filled;
        filled = 0;
        int count = Math.toIntExact(zerosWaiting / periodIn * periodOut);
        zerosWaiting %= periodIn;
        if (out.length < outLength + count) {
            out = Arrays.copyOf(out, 2 * (outLength + count));
        }
        Arrays.fill(out, outLength, outLength + count, 0);
        outLength += count;
        given += count;
    }

    private void process(float[] samples, int count, boolean last) {
        int used = 0;
        be.tarsos.dsp.resample.Resampler.Result result;
        do {
            if (out.length - outLength < out.length / 2) {
                out = Arrays.copyOf(out, 2 * out.length);
            }
            result = filter.process(factor, samples, used, count - used, last, out, outLength, out.length - outLength);
            used += result.inputSamplesConsumed;
            outLength += result.outputSamplesGenerated;
            given += result.outputSamplesGenerated;
        } while (used < count || result.outputSamplesGenerated > 0);
    }
}
