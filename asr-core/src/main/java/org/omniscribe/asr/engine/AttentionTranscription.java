package org.omniscribe.asr.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.omniscribe.asr.attention.AttentionHypothesis;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.AttentionResult;
import org.omniscribe.asr.attention.EncodedWindow;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.engine.PieceFeatures.Featured;
import org.omniscribe.asr.transcript.Transcript;

/** A recording on its way through a model that writes by attention: windows encoded one by one, decoded many at a time. */
final class AttentionTranscription extends PieceTranscription {
    private final AttentionEngine engine;
    private final AttentionOptions options;
    private final double stepSeconds;
    private final List<Transcript.Choice> choices = new ArrayList<>();
    private final List<Transcript.Skipped> skipped = new ArrayList<>();
    /** Seconds of each language. */
    private final Map<String, Double> languages = new TreeMap<>();

    AttentionTranscription(AttentionEngine engine, AttentionOptions options, SampleSource source, String name) {
        super(
                new Manner(
                        engine.name(),
                        engine.frontEnd(),
                        engine.stacking(),
                        Segmenter.Cut.APART,
                        engine.batchSeconds(),
                        false),
                source,
                name);
        this.engine = engine;
        this.options = options;
        stepSeconds = engine.stacking() * engine.frontEnd().spec().hopSeconds();
    }

    @Override
    void take(List<Featured> batch) {
        List<Featured> audible =
                batch.stream().filter(next -> next.features().length > 0).toList();
        List<AttentionResult> results = engine.decoder()
                .decode(
                        audible.stream()
                                .map(next ->
                                        window(next.features(), next.piece().samples().length))
                                .toList(),
                        options);
        for (int i = 0; i < audible.size(); i++) {
            add(audible.get(i).piece(), results.get(i));
        }
    }

    private EncodedWindow window(float[][] features, int samples) {
        float[] encoded = engine.encoder().encode(features);
        return new EncodedWindow(
                encoded, encoded.length / engine.encoder().width(), (double) samples / AudioClip.SAMPLE_RATE);
    }

    private void add(Piece piece, AttentionResult result) {
        double start = piece.startStep() * stepSeconds;
        double end = Math.min(start + (double) piece.samples().length / AudioClip.SAMPLE_RATE, seconds());
        languages.merge(result.language(), end - start, Double::sum);
        append(result.answer().words(), start, end);
        result.dropped()
                .ifPresent(dropped -> skipped.add(new Transcript.Skipped(
                        start, end, dropped.text(), dropped.reason().text(), dropped.detail())));
        if (options.nBest() > 1) {
            choices.add(new Transcript.Choice(
                    start,
                    end,
                    result.best().stream().map(AttentionTranscription::text).toList()));
        }
    }

    private static Transcript.Choice.Text text(AttentionHypothesis hypothesis) {
        return new Transcript.Choice.Text(hypothesis.text(), hypothesis.logProb());
    }

    @Override
    void end() {
        // Every window is decoded when it is taken.
    }

    @Override
    void tryOut(float[] knownGood) {
        float[][] features = engine.frontEnd().features(knownGood);
        engine.decoder().decode(List.of(window(features, knownGood.length)), options);
    }

    @Override
    public Transcript transcript(List<String> warnings) {
        Optional<String> language = languages.entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey);
        List<String> all = engine.routing()
                ? Stream.concat(
                                warnings.stream(),
                                Stream.of("model " + engine.name()
                                        + " is dense: it has no experts, so there is no routing to show"))
                        .toList()
                : warnings;
        return transcript(language, choices, skipped, Optional.empty(), all);
    }

    @Override
    public void close() {
        // It holds nothing of its own.
    }
}
