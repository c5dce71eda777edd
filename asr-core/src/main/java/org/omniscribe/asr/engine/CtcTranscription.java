package org.omniscribe.asr.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.audio.CheckedSource;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.Hypothesis;
import org.omniscribe.asr.engine.PieceFeatures.Featured;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** A recording on its way through a CTC model: pieces in batches through the network; stitched and decoded a batch behind it. */
final class CtcTranscription implements Transcription {
    private final CtcEngine engine;
    private final String name;
    private final CheckedSource samples;
    private final PieceFeatures pieces;
    private final Stitcher stitcher;
    private final Follower decoding = new Follower("omniscribe-decoder");
    private final double stepSeconds;
    private final List<Word> words = new ArrayList<>();
    private final List<Transcript.Choice> choices = new ArrayList<>();
    private final List<RoutingTrace> traces = new ArrayList<>();
    private double done;

    CtcTranscription(CtcEngine engine, SampleSource source, String name) {
        this.engine = engine;
        this.name = name;
        ModelBundle bundle = engine.bundle();
        samples = new CheckedSource(source, name);
        stitcher = new Stitcher(bundle.vocabulary());
        stepSeconds = bundle.manifest().stepSeconds();
        int stacking = bundle.architecture().stacking();
        pieces = new PieceFeatures(
                new Segmenter(samples, bundle.manifest().features().hop() * stacking),
                engine.frontEnd(),
                stacking,
                engine.routing());
    }

    @Override
    public boolean advance() {
        List<Featured> batch = nextBatch();
        if (batch.isEmpty()) {
            decoding.await();
            stitcher.finish().ifPresent(last -> decode(last, samples.seconds()));
            done = samples.seconds();
            return false;
        }
        List<Emission> emissions = emissions(batch);
        double seconds = samples.seconds();
        decoding.run(() -> decode(batch, emissions, seconds));
        done = Math.min(batch.get(batch.size() - 1).piece().toStep() * stepSeconds, seconds);
        return true;
    }

    private List<Featured> nextBatch() {
        List<Featured> batch = new ArrayList<>();
        double held = 0;
        for (Featured next; held < engine.batchSeconds() && (next = pieces.next()) != null; ) {
            batch.add(next);
            held += next.piece().steps() * stepSeconds;
        }
        return batch;
    }

    /** What is said of each piece: by the network, but of silence nothing, as features of silence are noise. */
    private List<Emission> emissions(List<Featured> batch) {
        Architecture architecture = engine.bundle().architecture();
        Iterator<Emission> said = engine.model()
                .run(batch.stream()
                        .filter(this::goesThroughNetwork)
                        .map(Featured::features)
                        .toList())
                .iterator();
        List<Emission> emissions = new ArrayList<>();
        for (Featured next : batch) {
            Emission emission = goesThroughNetwork(next) ? said.next() : null;
            if (!next.piece().silent()) {
                emissions.add(emission);
                continue;
            }
            int frames = Math.toIntExact(
                    engine.frontEnd().spec().frames(next.piece().samples().length));
            RoutingTrace routing = emission == null ? RoutingTrace.join(List.of()) : emission.routing();
            emissions.add(Silence.emission(architecture, architecture.steps(frames), routing, stepSeconds));
        }
        return emissions;
    }

    private boolean goesThroughNetwork(Featured next) {
        return engine.routing() || !next.piece().silent();
    }

    private void decode(List<Featured> batch, List<Emission> emissions, double seconds) {
        for (int i = 0; i < batch.size(); i++) {
            stitcher.add(batch.get(i).piece(), emissions.get(i)).ifPresent(stretch -> decode(stretch, seconds));
        }
    }

    /** Appends what is said in a stretch that ends before the given second. */
    private void decode(Stretch stretch, double seconds) {
        if (engine.routing()) {
            traces.add(stretch.emission().routing());
        }
        if (stretch.silent() && engine.nBest() == 1) {
            return;
        }
        double start = stretch.firstStep() * stepSeconds;
        List<Hypothesis> best = engine.nBest() == 1
                ? List.of(engine.decoder().decode(stretch.emission()))
                : engine.decoder().nBest(stretch.emission(), engine.nBest());
        best.get(0).placed(start, seconds).words().forEach(this::append);
        if (engine.nBest() > 1) {
            double end = start + stretch.emission().steps() * stepSeconds;
            choices.add(new Transcript.Choice(
                    Math.min(start, seconds),
                    Math.min(end, seconds),
                    best.stream()
                            .map(h -> new Transcript.Choice.Text(h.text(), h.logProb()))
                            .toList()));
        }
    }

    private void append(Word word) {
        synchronized (words) {
            words.add(word.notBefore(
                    words.isEmpty() ? 0 : words.get(words.size() - 1).end()));
        }
    }

    @Override
    public List<Word> words() {
        synchronized (words) {
            return List.copyOf(words);
        }
    }

    @Override
    public double done() {
        return done;
    }

    @Override
    public Transcript transcript(List<String> warnings) {
        Optional<Transcript.Routing> routing = engine.routing()
                ? Optional.of(new Transcript.Routing(stepSeconds, RoutingTrace.join(traces)))
                : Optional.empty();
        return new Transcript(
                name,
                samples.seconds(),
                engine.bundle().manifest().name(),
                Segment.atPauses(words),
                choices,
                routing,
                warnings);
    }

    @Override
    public void close() {
        decoding.close();
    }
}
