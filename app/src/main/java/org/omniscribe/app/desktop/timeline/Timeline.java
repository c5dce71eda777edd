package org.omniscribe.app.desktop.timeline;

import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * What is drawn of a recording, gathered as it is heard: the extremes of the waveform every 10 ms, the mel spectrum every
 * 20 ms, and the experts of every step.
 *
 * <p>About 6 kB for each second and 1 kB more for a model of 16 layers; beyond {@link #KEPT_SECONDS} the oldest is
 * forgotten, so that a session may last for days. Thread-safe: one thread adds sound, one adds routing, the window reads.
 */
public final class Timeline {
    /** Seconds that are kept. */
    public static final double KEPT_SECONDS = 4 * 3600;

    /** Waveform extremes a second. */
    static final int PEAK_RATE = 100;

    /** Spectra a second. */
    static final int SPECTRUM_RATE = 50;

    /** Stands for the expert of a step that went through none, as nothing was heard there. */
    static final int NOBODY = 255;

    private static final int PEAK_SAMPLES = AudioClip.SAMPLE_RATE / PEAK_RATE;
    private static final int FRAMES_A_SPECTRUM = 2;
    /** The natural logarithm of power that byte 0 stands for, that of the front end's floor. */
    private static final double QUIETEST = -23;
    /** Bytes for each unit of the natural logarithm; one is about half a decibel. */
    static final double BYTES_A_NEPER = 7.5;

    private final Pyramid peaks =
            new Pyramid((long) (KEPT_SECONDS * PEAK_RATE), Pyramid.Reduction.MIN, Pyramid.Reduction.MAX);
    private final Pyramid spectrum;
    private final Pyramid experts;
    private final Pyramid probabilities;
    private final LogMelFrontEnd.Session frontEnd;
    private final float[] mel;
    private int melFrames;
    private float low;
    private float high;
    private int held;
    private volatile int loudest;
    private volatile long samples;
    private final List<Integer> expertCounts;
    private final double stepSeconds;
    private final long[][] usage;
    private final long[][] agreement;
    private volatile Preview preview = new Preview(0, new RoutingTrace(new int[0][], new float[0][]));
    private volatile long revision;

    /**
     * An empty timeline.
     *
     * @param expertsPerLayer experts in each layer, first layer first; empty where there is no routing to show
     * @param stepSeconds seconds from one step of the routing to the next
     */
    public Timeline(List<Integer> expertsPerLayer, double stepSeconds) {
        FeatureSpec spec = FeatureSpec.standard();
        frontEnd = new LogMelFrontEnd(spec).newSession();
        mel = new float[spec.bins()];
        spectrum = Pyramid.uniform((long) (KEPT_SECONDS * SPECTRUM_RATE), spec.bins(), Pyramid.Reduction.MEAN);
        this.expertCounts = List.copyOf(expertsPerLayer);
        this.stepSeconds = stepSeconds;
        int layers = expertsPerLayer.size();
        long steps = (long) (KEPT_SECONDS / stepSeconds);
        experts = Pyramid.uniform(steps, layers, Pyramid.Reduction.MODE);
        probabilities = Pyramid.uniform(steps, layers, Pyramid.Reduction.MEAN);
        usage = expertsPerLayer.stream().map(long[]::new).toArray(long[][]::new);
        agreement = new long[layers][layers];
    }

    /**
     * Adds sound.
     *
     * @param more mono at 16 kHz, full scale 1
     * @param from first sample to add
     * @param count how many
     */
    public void addSound(float[] more, int from, int count) {
        for (int i = from; i < from + count; i++) {
            low = Math.min(low, more[i]);
            high = Math.max(high, more[i]);
            if (++held == PEAK_SAMPLES) {
                peaks.add(new byte[] {amplitude(low), amplitude(high)});
                held = 0;
                low = 0;
                high = 0;
            }
        }
        for (float[] frame : frontEnd.push(more, from, count)) {
            for (int bin = 0; bin < mel.length; bin++) {
                mel[bin] += frame[bin] / FRAMES_A_SPECTRUM;
            }
            if (++melFrames == FRAMES_A_SPECTRUM) {
                addSpectrum();
            }
        }
        samples += count;
        revision++;
    }

    private void addSpectrum() {
        byte[] column = new byte[mel.length];
        for (int bin = 0; bin < mel.length; bin++) {
            long value = Math.round((mel[bin] - QUIETEST) * BYTES_A_NEPER);
            column[bin] = (byte) Math.max(0, Math.min(255, value));
            loudest = Math.max(loudest, column[bin] & 0xff);
        }
        spectrum.add(column);
        Arrays.fill(mel, 0);
        melFrames = 0;
    }

    private static byte amplitude(float value) {
        return (byte) (128 + Math.round(127 * Math.max(-1, Math.min(1, value))));
    }

    /** Adds the routing of the next steps. */
    public void addRouting(RoutingTrace trace) {
        addRouting(steps(), trace);
    }

    /**
     * Adds the routing of steps behind all those that were added; steps between them went through no expert.
     *
     * @param firstStep the first of the steps; those that were added already are left out
     * @throws IllegalArgumentException if the routing has other layers than the timeline
     */
    public void addRouting(long firstStep, RoutingTrace trace) {
        if (trace.layers() != expertCounts.size()) {
            throw new IllegalArgumentException(
                    "the routing has " + trace.layers() + " layers, not " + expertCounts.size());
        }
        int layers = trace.layers();
        byte[] expert = new byte[layers];
        byte[] probability = new byte[layers];
        Arrays.fill(expert, (byte) NOBODY);
        while (experts.size() < firstStep) {
            probabilities.add(probability);
            experts.add(expert);
        }
        for (int step = (int) Math.max(0, experts.size() - firstStep); step < trace.steps(); step++) {
            for (int layer = 0; layer < layers; layer++) {
                expert[layer] = (byte) trace.expert()[layer][step];
                probability[layer] = (byte) Math.round(255 * trace.probability()[layer][step]);
            }
            count(trace, step);
            probabilities.add(probability);
            experts.add(expert);
        }
        revision++;
    }

    /** Shows routing that may still change, behind what was added; it takes the place of what was shown so before. */
    public void preview(long firstStep, RoutingTrace trace) {
        preview = new Preview(firstStep, trace);
        revision++;
    }

    private record Preview(long firstStep, RoutingTrace trace) {
        /** The place of a step in the trace; -1 if it is not there. */
        int at(long step) {
            long at = step - firstStep;
            return at >= 0 && at < trace.steps() ? (int) at : -1;
        }
    }

    private void count(RoutingTrace trace, int step) {
        synchronized (usage) {
            for (int a = 0; a < usage.length; a++) {
                int expert = trace.expert()[a][step];
                usage[a][expert]++;
                for (int b = 0; b < usage.length; b++) {
                    agreement[a][b] += trace.expert()[b][step] == expert ? 1 : 0;
                }
            }
        }
    }

    /** Seconds of sound or routing, whichever is longer. */
    public double seconds() {
        return Math.max(soundSeconds(), steps() * stepSeconds);
    }

    /** Seconds of sound. */
    public double soundSeconds() {
        return (double) samples / AudioClip.SAMPLE_RATE;
    }

    /** Changes with every addition. */
    public long revision() {
        return revision;
    }

    /** Experts in each layer; empty without routing. */
    public List<Integer> expertCounts() {
        return expertCounts;
    }

    /** Number of layers; 0 without routing. */
    public int layers() {
        return expertCounts.size();
    }

    /** The most experts that a layer has, at least 1. */
    public int mostExperts() {
        return expertCounts.stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    /** Seconds from one step of the routing to the next. */
    public double stepSeconds() {
        return stepSeconds;
    }

    /** Number of steps with routing. */
    public long steps() {
        return layers() == 0 ? 0 : experts.size();
    }

    /** The first step that is not forgotten. */
    public long firstStep() {
        return experts.first();
    }

    /** The expert of a layer at a step; -1 if there is none. */
    public int expert(int layer, long step) {
        int expert = experts.get(step, layer);
        if (expert >= 0) {
            return expert == NOBODY ? -1 : expert;
        }
        Preview shown = preview;
        int at = step < experts.size() ? -1 : shown.at(step);
        return at < 0 ? -1 : shown.trace().expert()[layer][at];
    }

    /** The router's probability of that expert, 0 to 1; 0 if there is none. */
    public double probability(int layer, long step) {
        int probability = probabilities.get(step, layer);
        if (probability >= 0) {
            return probability / 255.0;
        }
        Preview shown = preview;
        int at = step < probabilities.size() ? -1 : shown.at(step);
        return at < 0 ? 0 : shown.trace().probability()[layer][at];
    }

    /** The share of steps that each expert of a layer handled since the beginning; zeros before the first step. */
    public double[] usage(int layer) {
        synchronized (usage) {
            long steps = Math.max(1, Arrays.stream(usage[layer]).sum());
            return Arrays.stream(usage[layer])
                    .mapToDouble(n -> (double) n / steps)
                    .toArray();
        }
    }

    /** The share of steps in which two layers chose the expert of the same number, 0 to 1; 0 before the first step. */
    public double agreement(int layer, int other) {
        synchronized (usage) {
            return (double) agreement[layer][other]
                    / Math.max(1, Arrays.stream(usage[layer]).sum());
        }
    }

    Pyramid peaks() {
        return peaks;
    }

    Pyramid spectrum() {
        return spectrum;
    }

    Pyramid experts() {
        return experts;
    }

    Pyramid probabilities() {
        return probabilities;
    }

    /** The largest byte of all spectra. */
    int loudest() {
        return loudest;
    }
}
