package org.omniscribe.app.cli.model;

import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Corpus;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.ModelManifest.Score;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.WhisperDimensions;

/** What a model says of itself, as text for people. */
final class ModelCard {
    private final StringBuilder text = new StringBuilder();

    private ModelCard() {}

    /** All of it, in sections. */
    static String of(ModelBundle bundle) {
        ModelCard card = new ModelCard();
        ModelManifest manifest = bundle.manifest();
        card.text.append(manifest.name()).append('\n');
        card.row("bundle", bundle.location() + ", format " + manifest.formatVersion());
        card.row("licence", manifest.provenance().licence());
        card.row("created", manifest.provenance().created().toString());
        card.network(manifest);
        card.input(manifest.features());
        card.training(manifest.provenance());
        card.scores(manifest.provenance().scores());
        card.section("files (size, SHA-256)");
        Map<String, Long> sizes = bundle.sizes();
        manifest.files().forEach((file, hash) -> card.row(file, size(sizes.get(file)) + "  " + hash));
        return card.text.toString();
    }

    /** The gist in a line. */
    static String line(String place, ModelManifest manifest) {
        Architecture network = manifest.architecture();
        return place + "  " + manifest.name() + "  " + network.formatExperts() + " "
                + network.routing().name().toLowerCase(Locale.ROOT) + ", width " + network.width() + ", "
                + hours(manifest.provenance().hours()) + " of training speech, "
                + manifest.provenance().licence();
    }

    private void network(ModelManifest manifest) {
        Architecture network = manifest.architecture();
        section("network");
        row(
                "layers",
                network.layers() + ", width " + network.width() + ", " + network.heads() + " heads, experts "
                        + network.mlpWidth() + " wide inside");
        row("parameters", String.format(Locale.ROOT, "%,d", parameters(network)));
        row("experts", network.formatExperts() + " (layers x experts), one a step in each layer");
        row(
                "routing",
                switch (network.routing()) {
                    case SHARED ->
                        "shared: " + count(network.routerGroups(), "router", "routers") + " for all routed layers";
                    case INDEPENDENT -> "independent: a router for each of " + network.routerGroups() + " layers";
                    case DENSE -> "dense: no router";
                });
        row(
                "steps",
                decimal(1 / manifest.stepSeconds()) + " a second, each from " + network.stacking() + " frames, "
                        + subsampling(network.subsampling()));
        row("position", position(network.position()));
        row("attention", attention(network.attention()));
        row("convolution", network.convKernel() == 0 ? "none" : network.convKernel() + " steps wide");
        if (network.decoder() != null) {
            decoder(network.decoder());
        }
        if (manifest.tokenizer() == null) {
            return;
        }
        row(
                "tokens",
                network.vocabulary() + ", " + manifest.tokenizer().kind().name().toLowerCase(Locale.ROOT));
        if (manifest.lexicon() != null) {
            row("phones", network.phones() + ", with a pronunciation lexicon");
        }
        row("decoder", decoder(manifest));
    }

    private static String decoder(ModelManifest manifest) {
        LexiconSettings lexicon = manifest.lexicon();
        if (lexicon != null) {
            return "by sound, beam of " + lexicon.beam() + ", language model weighed "
                    + decimal(lexicon.languageWeight()) + ", word bonus " + decimal(lexicon.wordBonus())
                    + ", spelling weighed " + decimal(lexicon.textWeight());
        }
        BeamSettings decoder = manifest.beam();
        if (decoder == null) {
            return "greedy";
        }
        String beam = "beam of " + decoder.beam();
        return manifest.files().containsKey(ModelBundle.LANGUAGE_MODEL)
                ? beam + ", language model weighed " + decimal(decoder.languageWeight()) + ", word bonus "
                        + decimal(decoder.wordBonus()) + ", unknown words " + decimal(decoder.unknownWord())
                : beam;
    }

    private void decoder(AttentionSpec decoder) {
        row(
                "attention decoder",
                count(decoder.layers(), "layer", "layers") + ", " + decoder.vocabulary() + " tokens, at most "
                        + decoder.maxTokens() + " a window");
        row(
                "languages",
                decoder.multilingual()
                        ? decoder.languages().size()
                                + (decoder.translate() == AttentionSpec.NONE ? "" : ", translates into English")
                        : "English");
    }

    private void input(FeatureSpec features) {
        section("input");
        row(
                "mel bins",
                features.bins() + ", " + features.mel().scale() + ", "
                        + decimal(features.mel().fmin()) + " to "
                        + decimal(features.mel().fmax()) + " Hz, "
                        + features.spectrum().scale().name().toLowerCase(Locale.ROOT));
        row(
                "frames",
                features.window() + " samples every " + features.hop() + " at " + features.sampleRate() + " Hz, FFT of "
                        + features.fft());
        row("normalised", normalization(features.normalization()));
    }

    private static String normalization(FeatureSpec.Normalization normalization) {
        if (normalization instanceof FeatureSpec.Normalization.Peak peak) {
            return "down to " + decimal(peak.range()) + " below the peak";
        }
        return normalization.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String subsampling(Subsampling subsampling) {
        if (subsampling instanceof Subsampling.Conv conv) {
            return "by convolutions of " + conv.channels() + " channels";
        }
        return subsampling instanceof Subsampling.Stack ? "stacked" : "by convolutions over time";
    }

    private static String position(Position position) {
        if (position instanceof Position.Relative relative) {
            return "relative bias up to " + relative.range() + " steps";
        }
        return position instanceof Position.None ? "none" : "sinusoids";
    }

    private static String attention(Attention attention) {
        if (attention instanceof Attention.Chunked chunked) {
            return "in chunks of " + chunked.chunk() + " steps, " + chunked.leftChunks() + " chunks back";
        }
        return attention instanceof Attention.Causal ? "to the past only" : "to the whole piece";
    }

    private void training(Provenance provenance) {
        section("training");
        row("speech", hours(provenance.hours()));
        for (Corpus corpus : provenance.data()) {
            row("", corpus.name() + ": " + hours(corpus.hours()) + ", " + corpus.licence());
        }
        row("updates", Long.toString(provenance.steps()));
        provenance.training().forEach(this::row);
    }

    private void scores(Map<String, Score> scores) {
        section("error rates");
        if (scores.isEmpty()) {
            row("", "not measured");
        }
        scores.forEach((set, score) -> row(
                set,
                String.format(
                        Locale.ROOT,
                        "WER %5.1f %%   CER %5.1f %%   %d words",
                        100 * score.wer(),
                        100 * score.cer(),
                        score.words())));
    }

    private static long parameters(Architecture network) {
        return shapes(network).values().stream()
                .mapToLong(shape -> LongStream.of(shape).reduce(1, Math::multiplyExact))
                .sum();
    }

    private static Map<String, long[]> shapes(Architecture network) {
        AttentionSpec decoder = network.decoder();
        return decoder == null
                ? OmniRouterParameters.shapes(network)
                : new WhisperDimensions(
                                network.melBins(),
                                Position.WhisperSinusoid.MAX_STEPS,
                                network.width(),
                                network.heads(),
                                network.mlpWidth(),
                                network.layers(),
                                decoder.layers(),
                                decoder.vocabulary(),
                                decoder.maxTokens())
                        .shapes();
    }

    private void section(String title) {
        text.append('\n').append(title).append('\n');
    }

    private void row(String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-24s %s\n", name, value));
    }

    private static String count(int n, String one, String several) {
        return n + " " + (n == 1 ? one : several);
    }

    private static String hours(double hours) {
        return String.format(Locale.ROOT, "%.1f h", hours);
    }

    private static String size(long bytes) {
        return bytes < 100_000
                ? String.format(Locale.ROOT, "%,7d B ", bytes)
                : String.format(Locale.ROOT, "%7.1f MB", bytes / 1e6);
    }

    /** With three places at most, and without a fraction where there is none. */
    private static String decimal(double value) {
        double rounded = Math.rint(value * 1000) / 1000;
        return rounded == Math.rint(rounded) ? Long.toString(Math.round(rounded)) : Double.toString(rounded);
    }
}
