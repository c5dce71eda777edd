package org.omniscribe.asr.feature;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Everything that decides what log-mel frames a {@link LogMelFrontEnd} computes; part of every model bundle, because
 * published models differ. Its parts follow the way of the samples.
 *
 * @param sampleRate samples a second of the audio, 1000 to 192000
 * @param framing where frames lie
 * @param spectrum from the samples of a frame to its spectrum
 * @param mel from the spectrum to mel bins
 * @param logarithm from mel bins to logarithms
 * @param normalization what is done to the logarithms
 */
public record FeatureSpec(
        int sampleRate, Framing framing, Spectrum spectrum, Mel mel, Logarithm logarithm, Normalization normalization) {

    private static final int MAX_FFT = 8192;

    /**
     * Where frames lie.
     *
     * @param window samples under the window of one frame, 2 to the points of the transform
     * @param hop samples from one frame to the next, 1 to {@code window}
     * @param edges what lies before the first and after the last sample, and how many frames there are
     */
    public record Framing(int window, int hop, Edges edges) {
        /** Checks all fields and reports every fault at once. */
        public Framing {
            List<String> faults = new ArrayList<>();
            range(faults, "window", window, 2, MAX_FFT);
            range(faults, "hop", hop, 1, MAX_FFT);
            if (hop > window) {
                faults.add("hop " + hop + " is longer than window " + window + " and would skip samples");
            }
            require(faults, "edges", edges);
            orThrow(faults);
        }
    }

    /** What lies before the first and after the last sample. */
    public enum Edges {
        /** Nothing: frame t covers the samples from t hop on, and only whole windows become frames. */
        NONE,
        /** The signal mirrored at its first and last sample: frame t is centred on sample t hop (torch's center). */
        REFLECT,
        /** As {@code REFLECT}, without the last frame: samples / hop frames, as in Whisper. */
        REFLECT_DROP_LAST
    }

    /**
     * From the samples of a frame to its spectrum.
     *
     * @param window the window's curve
     * @param points points of the Fourier transform, even, at most 8192, no power of two needed; frames are zero-padded to
     *     it
     * @param scale what the mel filters sum
     */
    public record Spectrum(WindowShape window, int points, Scale scale) {
        /** Checks all fields and reports every fault at once. */
        public Spectrum {
            List<String> faults = new ArrayList<>();
            require(faults, "window", window);
            range(faults, "points", points, 2, MAX_FFT);
            if (points % 2 != 0) {
                faults.add("points must be even, not " + points);
            }
            require(faults, "scale", scale);
            orThrow(faults);
        }
    }

    /** The curve of a window of N samples. */
    public enum WindowShape {
        /** Periodic: 0.5 - 0.5 cos(2 pi n / N). */
        HANN,
        /** Periodic: 0.54 - 0.46 cos(2 pi n / N). */
        HAMMING,
        /** Kaldi's, symmetric: (0.5 - 0.5 cos(2 pi n / (N - 1))) ^ 0.85. */
        POVEY
    }

    /** What the mel filters sum over frequencies. */
    public enum Scale {
        /** Squared magnitudes. */
        POWER,
        /** Magnitudes. */
        MAGNITUDE
    }

    /**
     * The mel filters.
     *
     * @param scale the scale on which the filters are equally spaced
     * @param norm the filters' height
     * @param bins filters, values in a frame; at least 1
     * @param fmin lower corner of the first filter in hertz, at least 0
     * @param fmax upper corner of the last filter in hertz, above {@code fmin}, at most half the sample rate
     */
    public record Mel(MelScale scale, MelNorm norm, int bins, double fmin, double fmax) {
        /** Checks all fields and reports every fault at once. */
        public Mel {
            List<String> faults = new ArrayList<>();
            require(faults, "scale", scale);
            require(faults, "norm", norm);
            range(faults, "bins", bins, 1, MAX_FFT);
            if (!(fmin >= 0 && fmin < Double.POSITIVE_INFINITY)) {
                faults.add("fmin must be at least 0, not " + fmin);
            }
            if (!(fmin < fmax)) {
                faults.add("fmax " + fmax + " is not above fmin " + fmin);
            }
            orThrow(faults);
        }
    }

    /** The scale on which the corners of the filters are equally spaced. */
    public enum MelScale {
        /** 2595 log10(1 + f/700). */
        HTK,
        /** Linear below 1 kHz and logarithmic above, as in Slaney's Auditory Toolbox and librosa. */
        SLANEY
    }

    /** The height of the filters. */
    public enum MelNorm {
        /** Every filter's peak is 1. */
        NONE,
        /** Every filter's area over hertz is 1. */
        SLANEY
    }

    /**
     * The logarithm and how it is kept from the logarithm of zero.
     *
     * @param base natural or of base 10
     * @param floorKind whether the floor is a smallest value or is added
     * @param floor the smallest energy ({@code MAX}) or the energy added ({@code ADD}); positive
     */
    public record Logarithm(Base base, FloorKind floorKind, double floor) {
        /** Checks all fields and reports every fault at once. */
        public Logarithm {
            List<String> faults = new ArrayList<>();
            require(faults, "base", base);
            require(faults, "floorKind", floorKind);
            positive(faults, "floor", floor);
            orThrow(faults);
        }
    }

    /** The base of the logarithm. */
    public enum Base {
        /** e. */
        NATURAL,
        /** 10. */
        TEN
    }

    /** How the logarithm is kept from the logarithm of zero. */
    public enum FloorKind {
        /** log(max(x, floor)). */
        MAX,
        /** log(x + floor). */
        ADD
    }

    /** What is done to the logarithms. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Normalization.None.class, name = "NONE"),
        @JsonSubTypes.Type(value = Normalization.Utterance.class, name = "UTTERANCE"),
        @JsonSubTypes.Type(value = Normalization.Global.class, name = "GLOBAL"),
        @JsonSubTypes.Type(value = Normalization.Peak.class, name = "PEAK")
    })
    public sealed interface Normalization {
        /** Nothing. */
        record None() implements Normalization {}

        /** Every bin gets mean 0 and variance 1 over the frames of the utterance. */
        record Utterance() implements Normalization {}

        /**
         * (x - mean) / deviation with the specification's own numbers.
         *
         * @param mean what is subtracted, one finite number a bin
         * @param deviation what the difference is divided by, positive, one number a bin
         */
        record Global(List<Double> mean, List<Double> deviation) implements Normalization {
            /** Copies the lists, checks all numbers and reports every fault at once. */
            public Global {
                mean = List.copyOf(mean);
                deviation = List.copyOf(deviation);
                List<String> faults = new ArrayList<>();
                finite(faults, "mean", mean);
                finite(faults, "deviation", deviation);
                if (deviation.stream().anyMatch(d -> !(d > 0))) {
                    faults.add("deviation holds a number that is not positive");
                }
                orThrow(faults);
            }
        }

        /**
         * (max(x, peak - range) + offset) / divisor, where peak is the largest value of all frames of the recording;
         * Whisper's has range 8, offset 4 and divisor 4.
         *
         * @param range how far below the peak values may lie, positive
         * @param offset what is added
         * @param divisor what the sum is divided by, positive
         */
        record Peak(double range, double offset, double divisor) implements Normalization {
            /** Checks all numbers and reports every fault at once. */
            public Peak {
                List<String> faults = new ArrayList<>();
                positive(faults, "range", range);
                finite(faults, "offset", List.of(offset));
                positive(faults, "divisor", divisor);
                orThrow(faults);
            }
        }
    }

    /**
     * Checks that the parts fit each other.
     *
     * @throws FeatureException naming every fault
     */
    public FeatureSpec {
        List<String> faults = new ArrayList<>();
        range(faults, "sampleRate", sampleRate, 1000, 192000);
        require(faults, "framing", framing);
        require(faults, "spectrum", spectrum);
        require(faults, "mel", mel);
        require(faults, "logarithm", logarithm);
        require(faults, "normalization", normalization);
        if (framing != null && spectrum != null) {
            checkWindow(faults, framing.window(), spectrum.points());
        }
        if (mel != null) {
            checkHighest(faults, mel.fmax(), sampleRate);
        }
        if (mel != null && normalization instanceof Normalization.Global global) {
            numbers(faults, "mean", global.mean(), mel.bins());
            numbers(faults, "deviation", global.deviation(), mel.bins());
        }
        if (!faults.isEmpty()) {
            throw new FeatureException("feature specification", faults);
        }
    }

    /**
     * The project's default: 16 kHz, 25 ms periodic Hann windows every 10 ms, 512-point power spectra, 80 HTK mel bins
     * from 20 to 7600 Hz without area normalisation, ln(max(x, 1e-10)), no padding, normalised per utterance.
     */
    public static FeatureSpec standard() {
        return new Builder().build();
    }

    /**
     * Whisper's: 16 kHz, periodic Hann windows of 400 samples every 160 in a 400-point transform, mirrored edges, the last
     * frame dropped, power, Slaney mel bins of area 1 up to 8 kHz, log10(max(x, 1e-10)), floored again 8 below the largest
     * value, (x + 4) / 4. Source: {@code audio.py} of openai-whisper.
     *
     * @param bins mel bins: 80, or 128 for large-v3
     */
    public static FeatureSpec whisper(int bins) {
        return new Builder()
                .framing(new Framing(400, 160, Edges.REFLECT_DROP_LAST))
                .spectrum(new Spectrum(WindowShape.HANN, 400, Scale.POWER))
                .mel(new Mel(MelScale.SLANEY, MelNorm.SLANEY, bins, 0, 8000))
                .logarithm(new Logarithm(Base.TEN, FloorKind.MAX, 1e-10))
                .normalization(new Normalization.Peak(8, 4, 4))
                .build();
    }

    /** A builder that holds the {@link #standard} specification. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds this specification. */
    public Builder toBuilder() {
        return new Builder()
                .sampleRate(sampleRate)
                .framing(framing)
                .spectrum(spectrum)
                .mel(mel)
                .logarithm(logarithm)
                .normalization(normalization);
    }

    /** Samples under the window of one frame. */
    public int window() {
        return framing.window();
    }

    /** Samples from one frame to the next. */
    public int hop() {
        return framing.hop();
    }

    /** Points of the Fourier transform. */
    public int fft() {
        return spectrum.points();
    }

    /** Mel bins, values in a frame. */
    public int bins() {
        return mel.bins();
    }

    /**
     * Frames of an utterance.
     *
     * @param samples its length, at least 0
     * @return with {@code NONE} the number of whole windows; with {@code REFLECT} 1 + samples / hop, 0 for no samples; with
     *     {@code REFLECT_DROP_LAST} samples / hop
     */
    public long frames(long samples) {
        return switch (framing.edges()) {
            case NONE -> samples < window() ? 0 : 1 + (samples - window()) / hop();
            case REFLECT -> samples == 0 ? 0 : 1 + samples / hop();
            case REFLECT_DROP_LAST -> samples / hop();
        };
    }

    /** Seconds from one frame to the next. */
    public double hopSeconds() {
        return (double) hop() / sampleRate;
    }

    /** The first sample under the window of frame 0; not positive. */
    int firstSample() {
        // torch.stft centres the FFT frame on the sample, and the window (rounding down) in the FFT frame.
        return framing.edges() == Edges.NONE ? 0 : (fft() - window()) / 2 - fft() / 2;
    }

    /** The specification as a JSON object with one member for each part, enum constants by name. */
    public ObjectNode toJson() {
        return FeatureJson.write(this);
    }

    /**
     * Reads what {@link #toJson} writes, or the flat form of bundles of format 1. Every field must be there; others are
     * faults.
     *
     * @throws FeatureException naming every missing, unknown and faulty field
     */
    public static FeatureSpec fromJson(JsonNode json) {
        return FeatureJson.read(json);
    }

    /**
     * This specification with some fields changed.
     *
     * @param json text of a JSON object that holds the fields to change, as {@link #toJson} writes them, or flat as in
     *     bundles of format 1, such as {@code {"hop": 100}}
     * @throws FeatureException if it is not a JSON object, or naming every unknown and faulty field
     */
    public FeatureSpec changedBy(String json) {
        return FeatureJson.changed(this, json);
    }

    static void checkWindow(List<String> faults, int window, int points) {
        if (window > points) {
            faults.add("framing.window " + window + " is longer than spectrum.points " + points);
        }
    }

    static void checkHighest(List<String> faults, double fmax, int sampleRate) {
        if (!(fmax <= sampleRate / 2.0)) {
            faults.add("mel.fmax " + fmax + " is above half the sampleRate, " + sampleRate / 2.0);
        }
    }

    private static void numbers(List<String> faults, String name, List<Double> numbers, int bins) {
        if (numbers.size() != bins) {
            faults.add("normalization." + name + " has " + numbers.size() + " numbers for " + bins + " bins");
        }
    }

    private static void finite(List<String> faults, String name, List<Double> numbers) {
        if (!numbers.stream().allMatch(Double::isFinite)) {
            faults.add(name + " holds a number that is not finite");
        }
    }

    private static void orThrow(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void require(List<String> faults, String name, Object part) {
        if (part == null) {
            faults.add(name + " is missing");
        }
    }

    private static void positive(List<String> faults, String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            faults.add(name + " must be positive, not " + value);
        }
    }

    private static void range(List<String> faults, String name, int value, int least, int most) {
        if (value < least || value > most) {
            faults.add(name + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    /** Puts a specification together; what is wrong with it is reported all at once by {@link #build}. */
    public static final class Builder {
        private int sampleRate = 16000;
        private Framing framing = new Framing(400, 160, Edges.NONE);
        private Spectrum spectrum = new Spectrum(WindowShape.HANN, 512, Scale.POWER);
        private Mel mel = new Mel(MelScale.HTK, MelNorm.NONE, 80, 20, 7600);
        private Logarithm logarithm = new Logarithm(Base.NATURAL, FloorKind.MAX, 1e-10);
        private Normalization normalization = new Normalization.Utterance();

        private Builder() {}

        /** Samples a second. */
        public Builder sampleRate(int value) {
            sampleRate = value;
            return this;
        }

        /** Where frames lie. */
        public Builder framing(Framing value) {
            framing = Objects.requireNonNull(value, "framing");
            return this;
        }

        /** From the samples of a frame to its spectrum. */
        public Builder spectrum(Spectrum value) {
            spectrum = Objects.requireNonNull(value, "spectrum");
            return this;
        }

        /** The mel filters. */
        public Builder mel(Mel value) {
            mel = Objects.requireNonNull(value, "mel");
            return this;
        }

        /** The logarithm. */
        public Builder logarithm(Logarithm value) {
            logarithm = Objects.requireNonNull(value, "logarithm");
            return this;
        }

        /** What is done to the logarithms. */
        public Builder normalization(Normalization value) {
            normalization = Objects.requireNonNull(value, "normalization");
            return this;
        }

        /**
         * The specification.
         *
         * @throws FeatureException naming every fault
         */
        public FeatureSpec build() {
            return new FeatureSpec(sampleRate, framing, spectrum, mel, logarithm, normalization);
        }
    }
}
