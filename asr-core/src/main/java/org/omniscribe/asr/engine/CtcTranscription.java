package org.omniscribe.asr.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.Hypothesis;
import org.omniscribe.asr.engine.PieceFeatures.Featured;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Transcript;

/** A recording on its way through a CTC model: pieces in batches through the network; stitched and decoded a batch behind it. */
final class CtcTranscription extends PieceTranscription {
    private final CtcEngine engine;
    private final Stitcher stitcher;
    private final Follower decoding = new Follower("omniscribe-decoder");
    private final double stepSeconds;
    private final List<Transcript.Choice> choices = new ArrayList<>();
    private final List<RoutingTrace> traces = new ArrayList<>();

    CtcTranscription(CtcEngine engine, SampleSource source, String name) {
        super(
                new Manner(
                        engine.bundle().manifest().name(),
                        engine.frontEnd(),
                        engine.bundle().architecture().stacking(),
                        Segmenter.Cut.OVERLAPPING,
                        engine.batchSeconds(),
                        engine.routing()),
                source,
                name);
        this.engine = engine;
        stitcher = new Stitcher(engine.bundle().vocabulary());
        stepSeconds = engine.bundle().manifest().stepSeconds();
    }

    @Override
    void take(List<Featured> batch) {
        List<Emission> emissions = emissions(batch);
        double seconds = seconds();
        decoding.run(() -> decode(batch, emissions, seconds));
    }

    @Override
    void end() {
        decoding.await();
        stitcher.finish().ifPresent(last -> decode(last, seconds()));
    }

    @Override
    void tryOut(float[] knownGood) {
        engine.decoder().decode(engine.model().run(engine.frontEnd().features(knownGood)));
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
            int frames =
                    Math.toIntExact(engine.frontEnd().spec().frames(next.piece().samples().length));
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
        append(best.get(0).words(), start, seconds);
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

    @Override
    public Transcript transcript(List<String> warnings) {
        Optional<Transcript.Routing> routing = engine.routing()
                ? Optional.of(new Transcript.Routing(stepSeconds, RoutingTrace.join(traces)))
                : Optional.empty();
        return transcript(Optional.empty(), choices, List.of(), routing, warnings);
    }

    @Override
    public void close() {
        decoding.close();
    }
}
