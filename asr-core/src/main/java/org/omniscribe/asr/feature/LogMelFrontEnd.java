package org.omniscribe.asr.feature;

import be.tarsos.dsp.util.fft.FFT;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.omniscribe.asr.feature.FeatureSpec.Normalization;

/**
 * Samples to log-mel frames: window, Fourier transform (TarsosDSP), mel filters, logarithm.
 *
 * <p>Equals the logarithm of torchaudio's {@code MelSpectrogram} with the same settings; with {@code Padding.NONE} the
 * frames lie where Kaldi's {@code snip_edges} puts them. Thread-safe: every call and every {@link Session} has working
 * memory of its own.
 */
public final class LogMelFrontEnd {
    /** The smallest standard deviation that {@link #normalizeUtterance} divides by, so that silence stays zero. */
    public static final float MIN_DEVIATION = 1e-3f;

    private final FeatureSpec spec;
    private final float[] window;
    private final MelBank bank;
    private final float[] mean;
    private final float[] deviation;

    /** A front end for a specification. */
    public LogMelFrontEnd(FeatureSpec spec) {
        this.spec = Objects.requireNonNull(spec, "spec");
        window = window(spec.spectrum().window(), spec.window());
        bank = new MelBank(spec);
        boolean global = spec.normalization() instanceof Normalization.Global;
        mean = global ? toFloats(((Normalization.Global) spec.normalization()).mean()) : new float[0];
        deviation = global ? toFloats(((Normalization.Global) spec.normalization()).deviation()) : new float[0];
    }

    /** What this front end computes. */
    public FeatureSpec spec() {
        return spec;
    }

    /**
     * The finished frames of an utterance, normalised as the specification says.
     *
     * @param samples mono at the specification's rate, full scale 1
     * @return {@code [frames][bins]}; no frames if the utterance is shorter than a window
     */
    public float[][] features(float[] samples) {
        float[][] frames = logMel(samples);
        normalize(frames);
        return frames;
    }

    /**
     * Normalises all frames of an utterance in place, as the specification says.
     *
     * @param frames {@code [frames][bins]} as from {@link #logMel}
     */
    public void normalize(float[][] frames) {
        Normalization normalization = spec.normalization();
        if (normalization instanceof Normalization.Utterance) {
            normalizeUtterance(frames);
        } else if (normalization instanceof Normalization.Global) {
            normalizeGlobal(frames);
        } else if (normalization instanceof Normalization.Peak peak) {
            normalizePeak(frames, peak, largest(Float.NEGATIVE_INFINITY, Arrays.asList(frames)));
        }
    }

    /**
     * The frames of an utterance before normalisation.
     *
     * @param samples mono at the specification's rate, full scale 1
     * @return {@code [frames][bins]}, logarithms; no frames if the utterance is shorter than a window
     */
    public float[][] logMel(float[] samples) {
        Worker worker = new Worker();
        float[][] frames = new float[Math.toIntExact(spec.frames(samples.length))][];
        for (int t = 0; t < frames.length; t++) {
            frames[t] = worker.frame(samples, 0, samples.length, start(t));
        }
        return frames;
    }

    /** Begins an utterance whose samples come piece by piece. */
    public Session newSession() {
        return new Session();
    }

    /**
     * Shifts and scales every bin to mean 0 and variance 1 over the frames, in place. The deviation is that of the
     * population, and at least {@link #MIN_DEVIATION}.
     *
     * @param frames {@code [frames][bins]}, rows of one length
     */
    public static void normalizeUtterance(float[][] frames) {
        if (frames.length == 0) {
            return;
        }
        int bins = frames[0].length;
        double[] sum = new double[bins];
        for (float[] frame : frames) {
            for (int m = 0; m < bins; m++) {
                sum[m] += frame[m];
            }
        }
        double[] squares = new double[bins];
        for (float[] frame : frames) {
            for (int m = 0; m < bins; m++) {
                double d = frame[m] - sum[m] / frames.length;
                squares[m] += d * d;
            }
        }
        for (int m = 0; m < bins; m++) {
            float mean = (float) (sum[m] / frames.length);
            float scale = (float) (1 / Math.max(MIN_DEVIATION, Math.sqrt(squares[m] / frames.length)));
            for (float[] frame : frames) {
                frame[m] = (frame[m] - mean) * scale;
            }
        }
    }

    /**
     * Lifts what lies far below the largest value of the recording, shifts and scales, in place.
     *
     * @param frames {@code [frames][bins]}
     * @param peak the numbers
     * @param largest the largest value of the recording
     */
    static void normalizePeak(float[][] frames, Normalization.Peak peak, float largest) {
        float least = largest - (float) peak.range();
        for (float[] frame : frames) {
            for (int m = 0; m < frame.length; m++) {
                frame[m] = (float) ((Math.max(frame[m], least) + peak.offset()) / peak.divisor());
            }
        }
    }

    /** The largest of a value and all of some frames. */
    static float largest(float value, List<float[]> frames) {
        float largest = value;
        for (float[] frame : frames) {
            for (float each : frame) {
                largest = Math.max(largest, each);
            }
        }
        return largest;
    }

    private void normalizeGlobal(float[][] frames) {
        for (float[] frame : frames) {
            for (int m = 0; m < frame.length; m++) {
                frame[m] = (frame[m] - mean[m]) / deviation[m];
            }
        }
    }

    private long start(long frame) {
        return frame * spec.hop() + spec.firstSample();
    }

    private static float[] window(FeatureSpec.WindowShape shape, int length) {
        float[] window = new float[length];
        for (int n = 0; n < length; n++) {
            window[n] = (float)
                    switch (shape) {
                        case HANN -> 0.5 - 0.5 * Math.cos(2 * Math.PI * n / length);
                        case HAMMING -> 0.54 - 0.46 * Math.cos(2 * Math.PI * n / length);
                        case POVEY -> Math.pow(0.5 - 0.5 * Math.cos(2 * Math.PI * n / (length - 1)), 0.85);
                    };
        }
        return window;
    }

    private static float[] toFloats(List<Double> numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    /** The working memory of one thread. */
    private final class Worker {
        private final FFT fft = new FFT(spec.fft());
        private final float[] points = new float[spec.fft()];
        private final float[] spectrum = new float[spec.fft() / 2 + 1];

        /**
         * One frame.
         *
         * @param samples a stretch of the utterance
         * @param base index in the utterance of the stretch's first sample
         * @param length samples of the utterance, or as many as are known of it
         * @param start index in the utterance of the first sample under the window
         */
        float[] frame(float[] samples, long base, long length, long start) {
            // The window stands at the start of the FFT frame: where it stands changes phases, not magnitudes.
            if (start >= 0 && start + window.length <= length) {
                int from = (int) (start - base);
                for (int n = 0; n < window.length; n++) {
                    points[n] = window[n] * samples[from + n];
                }
            } else {
                for (int n = 0; n < window.length; n++) {
                    points[n] = window[n] * samples[(int) (mirror(start + n, length) - base)];
                }
            }
            Arrays.fill(points, window.length, points.length, 0);
            fft.forwardTransform(points);
            squareMagnitudes();
            if (spec.spectrum().scale() == FeatureSpec.Scale.MAGNITUDE) {
                for (int k = 0; k < spectrum.length; k++) {
                    spectrum[k] = (float) Math.sqrt(spectrum[k]);
                }
            }
            float[] frame = new float[spec.bins()];
            bank.apply(spectrum, frame);
            boolean add = spec.logarithm().floorKind() == FeatureSpec.FloorKind.ADD;
            boolean natural = spec.logarithm().base() == FeatureSpec.Base.NATURAL;
            double floor = spec.logarithm().floor();
            for (int m = 0; m < frame.length; m++) {
                double energy = add ? frame[m] + floor : Math.max(frame[m], floor);
                frame[m] = (float) (natural ? Math.log(energy) : Math.log10(energy));
            }
            return frame;
        }

        /** Unpacks the transform: point 0 is the real DC value, point 1 the real Nyquist value, then pairs. */
        private void squareMagnitudes() {
            int nyquist = spectrum.length - 1;
            spectrum[0] = points[0] * points[0];
            spectrum[nyquist] = points[1] * points[1];
            for (int k = 1; k < nyquist; k++) {
                float re = points[2 * k];
                float im = points[2 * k + 1];
                spectrum[k] = re * re + im * im;
            }
        }

        /** Where a sample outside the utterance is found in it: mirrored at its ends, as often as need be. */
        private static long mirror(long index, long length) {
            if (length == 1) {
                return 0;
            }
            long period = 2 * (length - 1);
            long i = Math.floorMod(index, period);
            return Math.min(i, period - i);
        }
    }

    /**
     * One utterance piece by piece; its frames are bit-identical to those of {@link #logMel} (with {@code GLOBAL}
     * normalisation: to those of {@link #features}), however the samples are cut. Normalisation over the utterance or its
     * peak is left to the caller, who alone knows when it is wanted. Memory does not grow with the utterance. Not thread-safe.
     */
    public final class Session {
        private final Worker worker = new Worker();
        private float[] samples = new float[2 * spec.window()];
        private long base;
        private long length;
        private long nextFrame;
        private boolean finished;

        private Session() {}

        /**
         * Takes more samples.
         *
         * @return the frames that are certain now, {@code [frames][bins]}, possibly none
         * @throws IllegalStateException after {@link #finish}
         */
        public float[][] push(float[] more, int offset, int count) {
            Objects.checkFromIndexSize(offset, count, more.length);
            if (finished) {
                throw new IllegalStateException("push after finish: begin a new session for a new utterance");
            }
            int held = (int) (length - base);
            if (held + count > samples.length) {
                samples = Arrays.copyOf(samples, Math.max(held + count, 2 * samples.length));
            }
            System.arraycopy(more, offset, samples, held, count);
            length += count;
            float[][] frames = take(certainFrames());
            forget();
            return frames;
        }

        /**
         * Ends the utterance.
         *
         * @return the frames that only its end decides, {@code [frames][bins]}, possibly none
         * @throws IllegalStateException if called twice
         */
        public float[][] finish() {
            if (finished) {
                throw new IllegalStateException("finish was called twice: begin a new session for a new utterance");
            }
            finished = true;
            return take(spec.frames(length));
        }

        /** Frames whose samples, mirrored ones included, do not depend on where the utterance ends. */
        private long certainFrames() {
            // Mirrored at the start, the window of frame 0 needs the sample as far after 0 as its start lies before.
            if (length <= -spec.firstSample()) {
                return 0;
            }
            long lastStart = length - spec.window();
            long whole = lastStart < spec.firstSample() ? 0 : 1 + (lastStart - spec.firstSample()) / spec.hop();
            return Math.min(whole, spec.frames(length));
        }

        private float[][] take(long end) {
            float[][] frames = new float[Math.toIntExact(Math.max(0, end - nextFrame))][];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = worker.frame(samples, base, length, start(nextFrame++));
            }
            if (spec.normalization() instanceof Normalization.Global) {
                normalizeGlobal(frames);
            }
            return frames;
        }

        /** Drops samples no later frame can need; a mirrored end reaches back less than a window. */
        private void forget() {
            long needed = Math.max(0, start(nextFrame) - spec.window());
            if (needed > base) {
                int drop = (int) (needed - base);
                System.arraycopy(samples, drop, samples, 0, (int) (length - needed));
                base = needed;
            }
        }
    }
}
