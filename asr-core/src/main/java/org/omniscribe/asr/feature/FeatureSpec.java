package org.omniscribe.asr.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that decides what log-mel frames a {@link LogMelFrontEnd} computes; part of every model bundle, because
 * published models differ.
 *
 * @param sampleRate samples a second of the audio, 1000 to 192000
 * @param window samples under the window of one frame, 2 to {@code fft}
 * @param hop samples from one frame to the next, 1 to {@code window}
 * @param fft points of the Fourier transform, even, at most 8192; frames are zero-padded to it
 * @param windowShape the window's curve
 * @param spectrum what the mel filters sum
 * @param melScale the scale on which the filters are equally spaced
 * @param melNorm the filters' height
 * @param bins mel filters, values in a frame
 * @param fmin lower corner of the first filter in hertz, at least 0
 * @param fmax upper corner of the last filter in hertz, above {@code fmin}, at most half the sample rate
 * @param floorKind how the logarithm is kept from the logarithm of zero
 * @param floor the smallest energy ({@code MAX}) or the energy added ({@code ADD}); positive
 * @param padding what lies before the first and after the last sample
 * @param normalization what is done to the natural logarithms
 * @param mean for {@code GLOBAL}: what is subtracted, one number a bin; else empty
 * @param deviation for {@code GLOBAL}: what the difference is divided by, positive, one number a bin; else empty
 */
public record FeatureSpec(
        int sampleRate,
        int window,
        int hop,
        int fft,
        WindowShape windowShape,
        Spectrum spectrum,
        MelScale melScale,
        MelNorm melNorm,
        int bins,
        double fmin,
        double fmax,
        FloorKind floorKind,
        double floor,
        Padding padding,
        Normalization normalization,
        List<Double> mean,
        List<Double> deviation) {

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
    public enum Spectrum {
        /** Squared magnitudes. */
        POWER,
        /** Magnitudes. */
        MAGNITUDE
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

    /** How the logarithm is kept from the logarithm of zero. */
    public enum FloorKind {
        /** ln(max(x, floor)). */
        MAX,
        /** ln(x + floor). */
        ADD
    }

    /** What lies before the first and after the last sample. */
    public enum Padding {
        /** Nothing: frame t covers the samples from t hop on, and only whole windows become frames. */
        NONE,
        /** The signal mirrored at its first and last sample: frame t is centred on sample t hop (torch's center). */
        REFLECT
    }

    /** What is done to the logarithms. */
    public enum Normalization {
        /** Nothing. */
        NONE,
        /** Every bin gets mean 0 and variance 1 over the frames of the utterance. */
        UTTERANCE,
        /** (x - mean) / deviation with the specification's own numbers. */
        GLOBAL
    }

    private static final int MAX_FFT = 8192;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> NAMES = Arrays.stream(FeatureSpec.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    /**
     * Checks all fields.
     *
     * @throws FeatureException naming every fault
     */
    public FeatureSpec {
        List<String> faults = new ArrayList<>();
        Draft draft = new Draft(
                sampleRate,
                window,
                hop,
                fft,
                windowShape,
                spectrum,
                melScale,
                melNorm,
                bins,
                fmin,
                fmax,
                floorKind,
                floor,
                padding,
                normalization,
                mean,
                deviation);
        draft.requireAll(faults);
        draft.check(faults);
        if (!faults.isEmpty()) {
            throw new FeatureException("feature specification", faults);
        }
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }

    /**
     * The project's default: 16 kHz, 25 ms periodic Hann windows every 10 ms, 512-point power spectra, 80 HTK mel bins
     * from 20 to 7600 Hz without area normalisation, ln(max(x, 1e-10)), no padding, normalised per utterance.
     */
    public static FeatureSpec standard() {
        return new FeatureSpec(
                16000,
                400,
                160,
                512,
                WindowShape.HANN,
                Spectrum.POWER,
                MelScale.HTK,
                MelNorm.NONE,
                80,
                20,
                7600,
                FloorKind.MAX,
                1e-10,
                Padding.NONE,
                Normalization.UTTERANCE,
                List.of(),
                List.of());
    }

    /**
     * Frames of an utterance.
     *
     * @param samples its length, at least 0
     * @return with {@code NONE} the number of whole windows; with {@code REFLECT} 1 + samples / hop, 0 for no samples
     */
    public long frames(long samples) {
        if (padding == Padding.NONE) {
            return samples < window ? 0 : 1 + (samples - window) / hop;
        }
        return samples == 0 ? 0 : 1 + samples / hop;
    }

    /** Seconds from one frame to the next. */
    public double hopSeconds() {
        return (double) hop / sampleRate;
    }

    /** The first sample under the window of frame 0; not positive. */
    int firstSample() {
        // torch.stft centres the FFT frame on the sample, and the window (rounding down) in the FFT frame.
        return padding == Padding.NONE ? 0 : (fft - window) / 2 - fft / 2;
    }

    /** The specification as a JSON object with one member for each field, enum constants by name. */
    public ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("sampleRate", sampleRate);
        json.put("window", window);
        json.put("hop", hop);
        json.put("fft", fft);
        json.put("windowShape", windowShape.name());
        json.put("spectrum", spectrum.name());
        json.put("melScale", melScale.name());
        json.put("melNorm", melNorm.name());
        json.put("bins", bins);
        json.put("fmin", fmin);
        json.put("fmax", fmax);
        json.put("floorKind", floorKind.name());
        json.put("floor", floor);
        json.put("padding", padding.name());
        json.put("normalization", normalization.name());
        putNumbers(json, "mean", mean);
        putNumbers(json, "deviation", deviation);
        return json;
    }

    private static void putNumbers(ObjectNode json, String name, List<Double> numbers) {
        if (!numbers.isEmpty()) {
            ArrayNode array = json.putArray(name);
            numbers.forEach(array::add);
        }
    }

    /**
     * Reads what {@link #toJson} writes. Every field must be there, but {@code mean} and {@code deviation} only for
     * {@code GLOBAL}; others are faults.
     *
     * @throws FeatureException naming every missing, unknown and faulty field
     */
    public static FeatureSpec fromJson(JsonNode json) {
        List<String> faults = new ArrayList<>();
        if (!json.isObject()) {
            throw new FeatureException("feature specification", List.of("not a JSON object"));
        }
        Set<String> unknown = new LinkedHashSet<>();
        json.fieldNames().forEachRemaining(unknown::add);
        NAMES.forEach(unknown::remove);
        unknown.forEach(name -> faults.add("unknown field " + name));
        for (String name : NAMES) {
            if (!json.has(name) && !name.equals("mean") && !name.equals("deviation")) {
                faults.add(name + " is missing");
            }
        }
        Draft draft = new Draft(
                integer(faults, json, "sampleRate"),
                integer(faults, json, "window"),
                integer(faults, json, "hop"),
                integer(faults, json, "fft"),
                constant(faults, json, "windowShape", WindowShape.class),
                constant(faults, json, "spectrum", Spectrum.class),
                constant(faults, json, "melScale", MelScale.class),
                constant(faults, json, "melNorm", MelNorm.class),
                integer(faults, json, "bins"),
                number(faults, json, "fmin"),
                number(faults, json, "fmax"),
                constant(faults, json, "floorKind", FloorKind.class),
                number(faults, json, "floor"),
                constant(faults, json, "padding", Padding.class),
                constant(faults, json, "normalization", Normalization.class),
                numbers(faults, json, "mean"),
                numbers(faults, json, "deviation"));
        draft.check(faults);
        if (!faults.isEmpty()) {
            throw new FeatureException("feature specification", faults);
        }
        return draft.toSpec();
    }

    /**
     * This specification with some fields changed.
     *
     * @param json text of a JSON object that holds the fields to change, as {@link #toJson} writes them
     * @throws FeatureException if it is not a JSON object, or naming every unknown and faulty field
     */
    public FeatureSpec changedBy(String json) {
        JsonNode changes;
        try {
            changes = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new FeatureException("feature specification", List.of("not JSON: " + e.getOriginalMessage() + where));
        }
        return fromJson(changes instanceof ObjectNode fields ? toJson().setAll(fields) : changes);
    }

    private static Integer integer(List<String> faults, JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            return null;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            faults.add(name + " must be a whole number, not " + value);
            return null;
        }
        return value.intValue();
    }

    private static Double number(List<String> faults, JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            faults.add(name + " must be a number, not " + value);
            return null;
        }
        return value.doubleValue();
    }

    private static List<Double> numbers(List<String> faults, JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            return List.of();
        }
        List<Double> numbers = new ArrayList<>();
        value.forEach(n -> numbers.add(n.isNumber() ? n.doubleValue() : Double.NaN));
        if (!value.isArray() || numbers.contains(Double.NaN)) {
            faults.add(name + " must be a list of numbers");
            return null;
        }
        return numbers;
    }

    private static <E extends Enum<E>> E constant(List<String> faults, JsonNode json, String name, Class<E> type) {
        JsonNode value = json.get(name);
        if (value == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (value.isTextual() && constant.name().equals(value.textValue().toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        String choices = Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
        faults.add(name + " must be one of " + choices + ", not " + value);
        return null;
    }

    /** The fields before they are known to be good; null is a value that could not be read and was reported. */
    private record Draft(
            Integer sampleRate,
            Integer window,
            Integer hop,
            Integer fft,
            WindowShape windowShape,
            Spectrum spectrum,
            MelScale melScale,
            MelNorm melNorm,
            Integer bins,
            Double fmin,
            Double fmax,
            FloorKind floorKind,
            Double floor,
            Padding padding,
            Normalization normalization,
            List<Double> mean,
            List<Double> deviation) {

        FeatureSpec toSpec() {
            return new FeatureSpec(
                    sampleRate,
                    window,
                    hop,
                    fft,
                    windowShape,
                    spectrum,
                    melScale,
                    melNorm,
                    bins,
                    fmin,
                    fmax,
                    floorKind,
                    floor,
                    padding,
                    normalization,
                    mean,
                    deviation);
        }

        void requireAll(List<String> faults) {
            Object[] nullable = {
                windowShape, spectrum, melScale, melNorm, floorKind, padding, normalization, mean, deviation
            };
            String[] names = {
                "windowShape",
                "spectrum",
                "melScale",
                "melNorm",
                "floorKind",
                "padding",
                "normalization",
                "mean",
                "deviation"
            };
            for (int i = 0; i < names.length; i++) {
                if (nullable[i] == null) {
                    faults.add(names[i] + " is missing");
                }
            }
        }

        void check(List<String> faults) {
            range(faults, "sampleRate", sampleRate, 1000, 192000);
            range(faults, "fft", fft, 2, MAX_FFT);
            if (fft != null && fft % 2 != 0) {
                faults.add("fft must be even, not " + fft);
            }
            range(faults, "window", window, 2, MAX_FFT);
            if (window != null && fft != null && window > fft) {
                faults.add("window " + window + " is longer than fft " + fft);
            }
            range(faults, "hop", hop, 1, MAX_FFT);
            if (hop != null && window != null && hop > window) {
                faults.add("hop " + hop + " is longer than window " + window + " and would skip samples");
            }
            range(faults, "bins", bins, 1, MAX_FFT);
            if (fmin != null && !(fmin >= 0 && fmin < Double.POSITIVE_INFINITY)) {
                faults.add("fmin must be at least 0, not " + fmin);
            }
            if (fmax != null && sampleRate != null && !(fmax <= sampleRate / 2.0)) {
                faults.add("fmax " + fmax + " is above half the sampleRate, " + sampleRate / 2.0);
            }
            if (fmin != null && fmax != null && !(fmin < fmax)) {
                faults.add("fmax " + fmax + " is not above fmin " + fmin);
            }
            if (floor != null && !(floor > 0 && floor < Double.POSITIVE_INFINITY)) {
                faults.add("floor must be positive, not " + floor);
            }
            if (normalization != null) {
                checkNumbers(faults, "mean", mean);
                checkNumbers(faults, "deviation", deviation);
            }
            if (deviation != null && deviation.stream().anyMatch(d -> d == null || !(d > 0))) {
                faults.add("deviation holds a number that is not positive");
            }
        }

        private void checkNumbers(List<String> faults, String name, List<Double> numbers) {
            if (numbers == null) {
                return;
            }
            if (normalization != Normalization.GLOBAL) {
                if (!numbers.isEmpty()) {
                    faults.add(name + " must be left out for normalization " + normalization);
                }
            } else if (bins != null && numbers.size() != bins) {
                faults.add(name + " has " + numbers.size() + " numbers for " + bins + " bins");
            }
            if (numbers.stream().anyMatch(x -> x == null || !Double.isFinite(x))) {
                faults.add(name + " holds something that is not a finite number");
            }
        }

        private static void range(List<String> faults, String name, Integer value, int least, int most) {
            if (value != null && (value < least || value > most)) {
                faults.add(name + " must be from " + least + " to " + most + ", not " + value);
            }
        }
    }
}
