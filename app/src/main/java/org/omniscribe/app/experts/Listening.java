package org.omniscribe.app.experts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.experts.Heard;
import org.omniscribe.eval.experts.Property;
import org.omniscribe.eval.experts.RoutingStudy;
import org.omniscribe.eval.experts.SpeechProperties;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.export.compress.ExpertProbe;
import org.omniscribe.export.compress.ExpertProbe.Observation;

/** Plays recordings to a model and watches its experts. */
public final class Listening {
    private static final int PIECE = 20 * AudioClip.SAMPLE_RATE;

    private Listening() {}

    /** Takes each piece of a recording, in order. */
    @FunctionalInterface
    private interface Pieces {
        void take(float[] samples, double start);
    }

    /** Told of the end of every recording. */
    public interface Listener {
        /**
         * A recording is done.
         *
         * @param utterance the recording
         * @param fault why it could not be read; null if it was
         */
        void done(Utterance utterance, String fault);
    }

    /**
     * Studies a model on sets of recordings.
     *
     * @param bundle the model
     * @param sets the recordings
     * @param groups the group of each speaker, such as their sex, by the name in the lists; empty if unknown
     * @param snippets sounds to keep of each expert
     * @param threads processor threads
     * @param warnings takes what cannot be measured
     * @param listener told of every recording
     */
    public static RoutingStudy study(
            ModelBundle bundle,
            List<TestSet> sets,
            Map<String, String> groups,
            int snippets,
            int threads,
            Consumer<String> warnings,
            Listener listener) {
        double stepSeconds = bundle.manifest().stepSeconds();
        RoutingStudy study = new RoutingStudy(bundle.manifest().name(), bundle.architecture(), stepSeconds, snippets);
        Vocabulary tokens = bundle.vocabulary();
        SpeechProperties speech = new SpeechProperties(
                bundle.phones().orElse(tokens), bundle.phones().isPresent());
        Property corpus =
                new Property("corpus", sets.stream().map(TestSet::name).toList());
        List<String> groupNames = List.copyOf(new TreeSet<>(groups.values()));
        Property group = groupNames.isEmpty() ? null : new Property("speaker", groupNames);
        try (ExpertProbe probe = ExpertProbe.ofRouting(bundle, threads);
                SegmentReader segments = new SegmentReader()) {
            probe.warning().ifPresent(warnings);
            for (int s = 0; s < sets.size(); s++) {
                TestSet set = sets.get(s);
                int setIndex = s;
                for (Utterance utterance : set.utterances()) {
                    read(utterance, segments, listener, (samples, start) -> {
                        for (Observation seen : probe.observe(samples)) {
                            int[] path = path(seen.logProbs());
                            int[] labels = seen.phoneLogProbs().length > 0 ? path(seen.phoneLogProbs()) : path;
                            Map<Property, int[]> properties =
                                    new LinkedHashMap<>(speech.of(labels, samples, stepSeconds));
                            properties.put(corpus, constant(path.length, setIndex));
                            if (group != null) {
                                int index = groupNames.indexOf(groups.getOrDefault(utterance.speaker(), ""));
                                properties.put(group, constant(path.length, index));
                            }
                            study.add(new Heard(
                                    set.name(),
                                    utterance.id(),
                                    start,
                                    samples,
                                    written(path, tokens),
                                    seen.routing(),
                                    seen.probabilities(),
                                    properties));
                        }
                    });
                }
            }
        }
        return study;
    }

    /**
     * Plays sets of recordings to a probe.
     *
     * @param sets the recordings
     * @param probe the model
     * @param take takes what was seen
     * @param listener told of every recording
     */
    public static void observe(List<TestSet> sets, ExpertProbe probe, Consumer<Observation> take, Listener listener) {
        try (SegmentReader segments = new SegmentReader()) {
            for (TestSet set : sets) {
                for (Utterance utterance : set.utterances()) {
                    read(utterance, segments, listener, (samples, start) -> probe.observe(samples)
                            .forEach(take));
                }
            }
        }
    }

    private static void read(Utterance utterance, SegmentReader segments, Listener listener, Pieces pieces) {
        try {
            if (!utterance.wholeFile()) {
                pieces.take(segments.read(utterance).samples(), utterance.start());
            } else {
                try (AudioReader reader = AudioReader.open(utterance.audio(), utterance.channels())) {
                    float[] piece = new float[PIECE];
                    for (int start = 0, held; (held = fill(reader, piece)) > 0; start++) {
                        pieces.take(Arrays.copyOf(piece, held), (double) start * PIECE / AudioClip.SAMPLE_RATE);
                    }
                }
            }
        } catch (AudioException | DatasetException e) {
            listener.done(utterance, e.getMessage());
            return;
        }
        listener.done(utterance, null);
    }

    private static int fill(AudioReader reader, float[] piece) {
        int held = 0;
        for (int n; held < piece.length && (n = reader.read(piece, held, piece.length - held)) > 0; ) {
            held += n;
        }
        return held;
    }

    private static int[] constant(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }

    private static int[] path(float[][] logProbs) {
        int[] path = new int[logProbs.length];
        for (int t = 0; t < path.length; t++) {
            for (int v = 1; v < logProbs[t].length; v++) {
                path[t] = logProbs[t][v] > logProbs[t][path[t]] ? v : path[t];
            }
        }
        return path;
    }

    /** What each step writes: its token where a new one begins, else nothing. */
    private static String[] written(int[] path, Vocabulary tokens) {
        List<String> written = new ArrayList<>();
        for (int t = 0; t < path.length; t++) {
            boolean begins = path[t] != Vocabulary.BLANK_ID && (t == 0 || path[t] != path[t - 1]);
            written.add(begins ? tokens.token(path[t]) : "");
        }
        return written.toArray(String[]::new);
    }
}
