package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.Recognition;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.Alignment;
import org.omniscribe.eval.score.Calibration;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.Score;
import org.omniscribe.eval.score.ScoredSet;
import org.omniscribe.eval.text.Normalizer;

/**
 * What one system achieved on one test set, or on several pooled: every utterance counts once.
 *
 * @param score all errors
 * @param byUtterance 95 % interval of the word error rate, utterances being drawn
 * @param bySpeaker the same, speakers being drawn with all they said; NaN if they are unknown or there is only one
 * @param speakers how many speakers there are, unknown ones as one
 * @param trusted the edits in words without the suspect utterances
 * @param seconds length of the audio that was scored
 * @param elapsed seconds that its recognition took; NaN if unknown
 * @param calibration of word confidences, those of words that normalising leaves one to one
 * @param usage {@code [layer][expert]}, steps that went through the expert; empty if unknown
 */
public record Figures(
        Score score,
        Interval byUtterance,
        Interval bySpeaker,
        int speakers,
        ErrorCounts trusted,
        double seconds,
        double elapsed,
        Calibration calibration,
        long[][] usage) {
    /**
     * The figures of some results.
     *
     * @param results of one system
     * @param suspects utterances, as {@code set/id}, whose reference may be wrong
     * @param normalizer what the texts went through
     * @param experts experts in each layer of the network; empty if unknown
     */
    static Figures of(List<SetResult> results, Set<String> suspects, Normalizer normalizer, List<Integer> experts) {
        ScoredSet set =
                ScoredSet.pooled(results.stream().map(SetResult::scoredSet).toList());
        List<Outcome.Scored> outcomes =
                results.stream().flatMap(r -> r.scored().stream()).toList();
        return new Figures(
                set.score(),
                set.byUtterance(),
                set.bySpeaker(),
                set.speakers().size(),
                set.utterances().stream()
                        .filter(u -> !suspects.contains(u.id()))
                        .map(ScoredSet.Utterance::words)
                        .reduce(ErrorCounts.NONE, ErrorCounts::plus),
                sum(outcomes.stream().map(o -> o.recognition().seconds()).toList()),
                sum(outcomes.stream().map(o -> o.recognition().elapsed()).toList()),
                Calibration.of(results.stream()
                        .flatMap(r ->
                                r.scored().stream().flatMap(o -> confidences(o, normalizer.forSet(r.name())).stream()))
                        .toList()),
                usage(outcomes, experts));
    }

    /** Seconds of recognition for a second of audio, reading the file included; NaN if unknown. */
    public double realTimeFactor() {
        return elapsed / seconds;
    }

    private static double sum(List<Double> values) {
        return values.stream().anyMatch(v -> v == null)
                ? Double.NaN
                : values.stream().mapToDouble(v -> v).sum();
    }

    /**
     * The confidences of an utterance's words. Each word is normalised alone; where the whole came out otherwise (numbers
     * written in digits), the words that are not found again have no confidence.
     */
    private static List<Calibration.Word> confidences(Outcome.Scored outcome, Normalizer normalizer) {
        List<String> words = new ArrayList<>();
        List<Double> confidences = new ArrayList<>();
        String heard = outcome.recognition().words().stream().map(Word::text).collect(Collectors.joining(" "));
        // Most texts are normal as they come, which spares the time.
        boolean normal = heard.equals(outcome.scored().alignment().hypothesis());
        for (Word word : outcome.recognition().words()) {
            String text = normal ? word.text() : normalizer.normalize(word.text());
            for (String part : text.split(" ")) {
                if (!part.isEmpty()) {
                    words.add(part);
                    confidences.add(word.confidence());
                }
            }
        }
        if (words.isEmpty()) {
            return List.of();
        }
        List<Boolean> right = outcome.scored().alignment().pairs().stream()
                .filter(p -> p.hypothesis() != null)
                .map(p -> p.edit() == Alignment.Edit.CORRECT)
                .toList();
        Alignment same =
                Alignment.ofWords(outcome.scored().alignment().hypothesis(), String.join(" ", words), EditCosts.UNIT);
        List<Calibration.Word> found = new ArrayList<>();
        int whole = 0;
        int alone = 0;
        for (Alignment.Pair pair : same.pairs()) {
            if (pair.edit() == Alignment.Edit.CORRECT) {
                found.add(new Calibration.Word(confidences.get(alone), right.get(whole)));
            }
            whole += pair.reference() == null ? 0 : 1;
            alone += pair.hypothesis() == null ? 0 : 1;
        }
        return found;
    }

    private static long[][] usage(List<Outcome.Scored> outcomes, List<Integer> experts) {
        if (outcomes.stream().allMatch(o -> o.recognition().usage().length == 0)) {
            return new long[0][];
        }
        // An utterance tells of no expert beyond the last one that it used.
        long[][] usage = experts.stream().map(long[]::new).toArray(long[][]::new);
        for (Outcome.Scored outcome : outcomes) {
            Recognition recognition = outcome.recognition();
            if (usage.length < recognition.usage().length) {
                int old = usage.length;
                usage = Arrays.copyOf(usage, recognition.usage().length);
                Arrays.fill(usage, old, usage.length, new long[0]);
            }
            for (int layer = 0; layer < recognition.usage().length; layer++) {
                int[] steps = recognition.usage()[layer];
                if (usage[layer].length < steps.length) {
                    usage[layer] = Arrays.copyOf(usage[layer], steps.length);
                }
                for (int expert = 0; expert < steps.length; expert++) {
                    usage[layer][expert] += steps[expert];
                }
            }
        }
        return usage;
    }
}
