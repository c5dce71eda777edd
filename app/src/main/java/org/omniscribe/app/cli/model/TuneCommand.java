package org.omniscribe.app.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.app.option.NormalizerOption;
import org.omniscribe.asr.Decoders;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.Hypothesis;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.ConfidenceMap;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.eval.run.RecognizerTranscriber;
import org.omniscribe.eval.score.Calibration;
import org.omniscribe.eval.tune.DecoderScore;
import org.omniscribe.eval.tune.Hearing;
import org.omniscribe.eval.tune.LogisticRegression;
import org.omniscribe.eval.tune.LogisticRegression.Observation;
import org.omniscribe.eval.tune.WeightSearch;
import org.omniscribe.eval.tune.WeightSearch.Trial;
import org.omniscribe.eval.tune.WeightSearch.Weight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe tune}: the weights of a model's decoder, fitted to recordings whose words are known. */
@Command(
        name = "tune",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Find the weights with which a model's decoder makes the fewest word errors.",
            "",
            "The network listens once; then weights are tried, each a step up and down for as long as that helps. With"
                    + " a pronunciation lexicon, the confidence of words is fitted too. Never tune on test sets: the error"
                    + " rates measured on them afterwards would be too low."
        },
        footerHeading = "%nExample:%n",
        footer = "  omniscribe tune dev/*/manifest.tsv -m first.zip -o tuned.zip")
public final class TuneCommand implements Callable<Integer> {
    private static final int LANGUAGE = 0;
    private static final int BONUS = 1;
    private static final int OTHER = 2;

    @Spec
    private CommandSpec command;

    @Parameters(arity = "1..*", paramLabel = "MANIFEST", description = "Recordings to tune on, as for eval.")
    private List<Path> manifests;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "BUNDLE",
            description = "Write the model with the weights that were found, as a folder, or as a zip file if the name"
                    + " ends so.")
    private Path output;

    @Option(
            names = "--lm",
            paramLabel = "FILE",
            description = "A language model in place of the model's own; the output gets it.")
    private Path languageModel;

    @Mixin
    private NormalizerOption compared;

    @Mixin
    private ModelOptions model;

    private final List<Emission> heard = new ArrayList<>();
    private ModelBundle bundle;
    private boolean incomplete;

    @Override
    public Integer call() {
        List<Hearing> hearings = listen();
        if (hearings.isEmpty()) {
            throw new CommandException(Kind.INPUT, "there is no recording with words to tune on");
        }
        Optional<LanguageModel> other = Optional.ofNullable(languageModel).map(LanguageModel::read);
        boolean bySound = bundle.manifest().lexicon() != null;
        if (!bySound && other.isEmpty() && bundle.languageModel().isEmpty()) {
            throw new CommandException(
                    Kind.ENVIRONMENT,
                    "model bundle " + bundle.location() + " has no language model that could be weighed; name one with"
                            + " --lm");
        }
        ModelManifest tuned = bySound ? soundTuned(hearings, other) : spellingTuned(hearings, other);
        if (output != null) {
            write(tuned, other);
            out("%s has these weights", output);
        }
        return incomplete ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    /** Has the network listen to all recordings, and keeps what it says. */
    private List<Hearing> listen() {
        List<Hearing> hearings = new ArrayList<>();
        Function<ModelBundle, CtcDecoder> keeper = opened -> {
            bundle = opened;
            return emission -> {
                heard.add(emission);
                return new Hypothesis(List.of(), 0);
            };
        };
        try (Recognizer recognizer =
                        Recognizer.open(model.builder().decoder(keeper).build());
                RecognizerTranscriber transcriber = new RecognizerTranscriber(recognizer, (done, total) -> {})) {
            for (Path manifest : manifests) {
                try {
                    for (Utterance utterance : UtteranceList.read(manifest).utterances()) {
                        listen(transcriber, utterance, hearings);
                    }
                } catch (DatasetException e) {
                    failed(e);
                }
            }
        }
        return hearings;
    }

    private void listen(RecognizerTranscriber transcriber, Utterance utterance, List<Hearing> hearings) {
        String reference = compared.normalizer().normalize(utterance.text());
        if (reference.isEmpty()) {
            return;
        }
        heard.clear();
        try {
            transcriber.transcribe(utterance);
            hearings.add(new Hearing(reference, heard));
        } catch (AudioException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException e) {
        incomplete = true;
        command.commandLine().getErr().println("omniscribe: " + e.getMessage());
    }

    private ModelManifest soundTuned(List<Hearing> hearings, Optional<LanguageModel> other) {
        LexiconSettings start = bundle.manifest().lexicon();
        List<Weight> weights = List.of(
                new Weight("--lm-weight", start.languageWeight(), 0.2, 0, 10),
                new Weight("--word-bonus", start.wordBonus(), 1, -20, 20),
                new Weight("--text-weight", start.textWeight(), 0.2, 0, 10));
        Trial best = search(weights, hearings, w -> sound(start.withWeights(w[LANGUAGE], w[BONUS], w[OTHER]), other));
        LexiconSettings settings = start.withWeights(
                best.weights().get(LANGUAGE),
                best.weights().get(BONUS),
                best.weights().get(OTHER));
        settings = settings.withConfidence(confidence(hearings, settings, other));
        DecoderScore before = score(hearings, sound(settings.withConfidence(start.confidence()), other));
        DecoderScore after = score(hearings, sound(settings, other));
        ConfidenceMap map = settings.confidence();
        out(
                "confidence: offset %.4f, share %.4f, sound %.4f; expected calibration error %.2f %%, was %.2f %%",
                map.offset(), map.share(), map.sound(), 100 * calibrationError(after), 100 * calibrationError(before));
        return bundle.manifest().withLexicon(settings);
    }

    private ModelManifest spellingTuned(List<Hearing> hearings, Optional<LanguageModel> other) {
        BeamSettings own = bundle.manifest().beam();
        BeamSettings start = own == null ? BeamSettings.STANDARD : own;
        Function<double[], BeamSettings> settings =
                w -> new BeamSettings(start.beam(), w[LANGUAGE], w[BONUS], w[OTHER]);
        List<Weight> weights = List.of(
                new Weight("--lm-weight", start.languageWeight(), 0.2, 0, 10),
                new Weight("--word-bonus", start.wordBonus(), 1, -20, 20),
                new Weight("--unknown-word", start.unknownWord(), 4, -100, 0));
        Trial best = search(weights, hearings, w -> Decoders.beam(
                        (BeamSettings any) -> settings.apply(w), other, Optional.empty(), false)
                .apply(bundle));
        return bundle.manifest()
                .withBeam(settings.apply(
                        best.weights().stream().mapToDouble(d -> d).toArray()));
    }

    private CtcDecoder sound(LexiconSettings settings, Optional<LanguageModel> other) {
        return Decoders.lexicon((LexiconSettings any) -> settings, other, Optional.empty())
                .apply(bundle);
    }

    private DecoderScore score(List<Hearing> hearings, CtcDecoder decoder) {
        return DecoderScore.of(hearings, decoder, compared.normalizer());
    }

    private Trial search(List<Weight> weights, List<Hearing> hearings, Function<double[], CtcDecoder> decoder) {
        long words = hearings.stream()
                .mapToLong(h -> h.reference().split(" ").length)
                .sum();
        Trial best = new WeightSearch(
                        weights,
                        w -> score(hearings, decoder.apply(w)).counts().errors(),
                        trial -> out("%s: WER %.2f %%", options(weights, trial), 100.0 * trial.errors() / words))
                .run();
        out("best: %s", options(weights, best));
        return best;
    }

    private static String options(List<Weight> weights, Trial trial) {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            options.add(weights.get(i).name() + " " + trial.weights().get(i));
        }
        return String.join(" ", options);
    }

    /** Decodes with maps that show one of the two values each, and fits a map to both. */
    private ConfidenceMap confidence(List<Hearing> hearings, LexiconSettings settings, Optional<LanguageModel> other) {
        DecoderScore shares = score(hearings, sound(settings.withConfidence(new ConfidenceMap(0, 1, 0)), other));
        DecoderScore sounds = score(hearings, sound(settings.withConfidence(new ConfidenceMap(0, 0, 1)), other));
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < shares.words().size(); i++) {
            double[] values = {
                logOdds(shares.words().get(i).confidence()),
                logOdds(sounds.words().get(i).confidence())
            };
            observations.add(new Observation(values, shares.right().get(i)));
        }
        if (observations.isEmpty()) {
            return settings.confidence();
        }
        double[] fitted = LogisticRegression.fit(observations);
        return new ConfidenceMap(fitted[0], fitted[1], fitted[2]);
    }

    private static double logOdds(double p) {
        return Math.log(p / (1 - p));
    }

    private static double calibrationError(DecoderScore score) {
        List<Calibration.Word> words = new ArrayList<>();
        for (int i = 0; i < score.words().size(); i++) {
            words.add(new Calibration.Word(
                    score.words().get(i).confidence(), score.right().get(i)));
        }
        return Calibration.of(words).expectedError();
    }

    private void write(ModelManifest manifest, Optional<LanguageModel> other) {
        Map<String, ModelBundle.Content> others = new LinkedHashMap<>();
        bundle.phones().ifPresent(phones -> others.put(ModelBundle.PHONES, ModelBundle.content(phones)));
        bundle.languageModel().ifPresent(bytes -> others.put(ModelBundle.LANGUAGE_MODEL, out -> out.write(bytes)));
        other.ifPresent(lm -> others.put(ModelBundle.LANGUAGE_MODEL, lm::write));
        bundle.lexicon().ifPresent(bytes -> others.put(ModelBundle.LEXICON, out -> out.write(bytes)));
        byte[] network = bundle.network();
        ModelBundle.create(output, manifest, bundle.vocabulary(), out -> out.write(network), others);
    }

    private void out(String format, Object... values) {
        PrintWriter out = command.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }
}
