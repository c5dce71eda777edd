package org.omniscribe.app.experts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.score.Bootstrap;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.Score;
import org.omniscribe.eval.text.Normalizer;
import org.omniscribe.export.train.CtcLoss;

/**
 * How well a model with other experts or another routing does, all sets pooled.
 *
 * @param name what was tried
 * @param score all errors
 * @param interval 95 % interval of the word error rate, by bootstrap over utterances
 * @param loss CTC loss in nats a character of the reference, over utterances that it can be computed for; NaN if there are none
 * @param seconds of audio
 * @param elapsed seconds that recognition took, decoding of the audio included
 */
public record Trial(String name, Score score, Interval interval, double loss, double seconds, double elapsed) {
    /** Seconds of audio a second. */
    public double speed() {
        return seconds / elapsed;
    }

    /**
     * Tries a model.
     *
     * @param name what is tried
     * @param options the model and where it runs
     * @param decoder finds the words
     * @param adaptation what is different about it
     * @param sets recordings whose words are known
     * @param normalizer what the texts go through
     * @param faults takes why a recording could not be read; those are in no figure
     */
    public static Trial run(
            String name,
            RecognizerOptions.Builder options,
            Function<ModelBundle, CtcDecoder> decoder,
            UnaryOperator<ModelBundle> adaptation,
            List<TestSet> sets,
            Normalizer normalizer,
            Consumer<String> faults) {
        List<Emission> emissions = new ArrayList<>();
        Targets[] targets = new Targets[1];
        Function<ModelBundle, CtcDecoder> listening = bundle -> {
            targets[0] = new Targets(bundle);
            CtcDecoder inner = decoder.apply(bundle);
            return emission -> {
                emissions.add(emission);
                return inner.decode(emission);
            };
        };
        Sums sums = new Sums();
        try (Recognizer recognizer = Recognizer.open(
                        options.decoder(listening).adaptation(adaptation).build());
                SegmentReader segments = new SegmentReader()) {
            for (TestSet set : sets) {
                for (Utterance utterance : set.utterances()) {
                    String reference = normalizer.normalize(utterance.text());
                    if (reference.isEmpty()) {
                        continue;
                    }
                    emissions.clear();
                    try {
                        long start = System.nanoTime();
                        AudioClip clip = segments.read(utterance);
                        String heard =
                                recognizer.transcribe(clip, utterance.id()).text();
                        sums.elapsed += (System.nanoTime() - start) / 1e9;
                        sums.add(Score.of(reference, normalizer.normalize(heard), EditCosts.NIST), clip.seconds());
                    } catch (AudioException | DatasetException e) {
                        faults.accept(e.getMessage());
                        continue;
                    }
                    targets[0].loss(emissions, reference).ifPresent(nats -> sums.add(nats, reference.length()));
                }
            }
        }
        return sums.trial(name);
    }

    /** What is summed over utterances. */
    private static final class Sums {
        private final List<ErrorCounts> words = new ArrayList<>();
        private Score score = Score.NONE;
        private double loss;
        private long characters;
        private double seconds;
        private double elapsed;

        void add(Score one, double clipSeconds) {
            score = score.plus(one);
            words.add(one.words());
            seconds += clipSeconds;
        }

        void add(double nats, int length) {
            loss += nats;
            characters += length;
        }

        Trial trial(String name) {
            double mean = loss / (characters == 0 ? Double.NaN : characters);
            return new Trial(name, score, Bootstrap.interval(words), mean, seconds, elapsed);
        }
    }

    /** References as tokens, for models of characters. */
    private static final class Targets {
        private final Vocabulary vocabulary;
        private final boolean characters;

        Targets(ModelBundle bundle) {
            vocabulary = bundle.vocabulary();
            characters = bundle.manifest().tokenizer().kind() == Tokenizer.Kind.CHARACTER;
        }

        /** Empty where the reference cannot be written with the tokens, or not in so few steps. */
        Optional<Double> loss(List<Emission> emissions, String reference) {
            int[] target = reference
                    .codePoints()
                    .map(c -> vocabulary.tokens().indexOf(Character.toString(c == ' ' ? Vocabulary.WORD_MARK : c)))
                    .toArray();
            int steps = emissions.stream().mapToInt(Emission::steps).sum();
            if (!characters || steps == 0) {
                return Optional.empty();
            }
            for (int token : target) {
                if (token <= Vocabulary.BLANK_ID) {
                    return Optional.empty();
                }
            }
            float[] logProbs = new float[steps * vocabulary.size()];
            int at = 0;
            for (Emission emission : emissions) {
                for (float[] row : emission.logProbs()) {
                    System.arraycopy(row, 0, logProbs, at, row.length);
                    at += row.length;
                }
            }
            CtcLoss.Result result =
                    CtcLoss.compute(logProbs, steps, vocabulary.size(), new int[] {steps}, new int[][] {target});
            return result.impossible()[0] ? Optional.empty() : Optional.of(result.loss()[0]);
        }
    }
}
