package org.omniscribe.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.Recognition;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.Calibration;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.MatchedPairs;
import org.omniscribe.eval.score.Score;

/**
 * A report and its utterances as JSON, for other programs; rates are fractions, and null where there is nothing to measure.
 *
 * <p>The report: {@code created}, {@code normalizer} {name, version}, {@code costs}, {@code systems} [...],
 * {@code comparisons} [...], {@code published} [...], {@code concerns} [{kind, set, id, detail}].
 *
 * <p>A system: {@code name}, {@code imported}, {@code model}, {@code decoder}, {@code machine}, {@code sets} [...],
 * {@code total}, {@code average} over the eleven columns, {@code missingColumns} [...].
 *
 * <p>A set, and the total: {@code name}, {@code utterances}, {@code seconds} scored, {@code words}, {@code correct},
 * {@code substitutions}, {@code deletions}, {@code insertions}, {@code wer}, {@code werInterval} {low, high} at 95 %,
 * utterances being drawn, {@code werIntervalBySpeaker}, {@code speakers}, {@code trustedWer} without suspect utterances,
 * {@code characters} {reference, counts, cer}, {@code sentences}, {@code sentenceErrors}, {@code realTimeFactor},
 * {@code calibration} {words, expectedError, bins}, {@code expertUsage} [layer][expert] steps; a set also {@code release},
 * {@code noReference} [ids], {@code pending} [ids], {@code failed} [{id, reason}].
 */
public final class JsonReport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    /**
     * The report, indented.
     *
     * @param report the report
     */
    public static String format(Report report) {
        ObjectNode node = NODES.objectNode();
        node.put("created", report.created().toString());
        node.putObject("normalizer")
                .put("name", report.scoring().normalizer().name())
                .put("version", report.scoring().normalizer().version());
        node.put("costs", report.scoring().costs().name().toLowerCase(Locale.ROOT));
        ArrayNode systems = node.putArray("systems");
        report.systems().forEach(s -> systems.add(system(report, s)));
        ArrayNode comparisons = node.putArray("comparisons");
        report.comparisons().forEach(c -> comparisons.add(comparison(c)));
        ArrayNode published = node.putArray("published");
        for (Published row : Published.all()) {
            ObjectNode of = published.addObject().put("model", row.model()).put("source", Published.SOURCE);
            ObjectNode rates = of.putObject("wer");
            row.rates().forEach(rates::put);
            of.put("average", row.average());
        }
        ArrayNode concerns = node.putArray("concerns");
        report.concerns().forEach(c -> concerns.addObject()
                .put("kind", c.kind().name().toLowerCase(Locale.ROOT))
                .put("set", c.set())
                .put("id", c.id())
                .put("detail", c.detail()));
        return node.toPrettyString() + "\n";
    }

    private static ObjectNode system(Report report, SystemReport system) {
        ObjectNode node = NODES.objectNode();
        node.put("name", system.info().name());
        node.put("imported", system.info().imported());
        node.put("model", system.info().model());
        node.put("decoder", system.info().decoder());
        node.put("machine", system.info().machine());
        ArrayNode sets = node.putArray("sets");
        for (int i = 0; i < system.results().size(); i++) {
            SetResult result = system.results().get(i);
            ObjectNode set = sets.addObject();
            set.put("name", result.name());
            set.put("release", report.sets().get(i).release());
            set.put("utterances", result.outcomes().size());
            figures(set, system.figures().get(i));
            lists(set, result);
        }
        ObjectNode total = node.putObject("total");
        total.put("name", Comparison.ALL);
        total.put(
                "utterances",
                system.results().stream().mapToInt(r -> r.outcomes().size()).sum());
        figures(total, system.total());
        rate(node, "average", system.average().orElse(Double.NaN));
        ArrayNode missing = node.putArray("missingColumns");
        system.missingColumns().forEach(missing::add);
        return node;
    }

    private static void figures(ObjectNode node, Figures figures) {
        Score score = figures.score();
        rate(node, "seconds", figures.seconds());
        score(node, score);
        interval(node.putObject("werInterval"), figures.byUtterance());
        interval(node.putObject("werIntervalBySpeaker"), figures.bySpeaker());
        node.put("speakers", figures.speakers());
        rate(node, "trustedWer", figures.trusted().rate());
        rate(node, "realTimeFactor", figures.realTimeFactor());
        calibration(node.putObject("calibration"), figures.calibration());
        ArrayNode layers = node.putArray("expertUsage");
        for (long[] layer : figures.usage()) {
            ArrayNode experts = layers.addArray();
            for (long steps : layer) {
                experts.add(steps);
            }
        }
    }

    private static void calibration(ObjectNode node, Calibration calibration) {
        node.put("words", calibration.words());
        rate(node, "expectedError", calibration.expectedError());
        ArrayNode bins = node.putArray("bins");
        for (Calibration.Bin bin : calibration.bins()) {
            ObjectNode of = bins.addObject()
                    .put("low", bin.low())
                    .put("high", bin.high())
                    .put("words", bin.words());
            rate(of, "confidence", bin.confidence());
            rate(of, "accuracy", bin.accuracy());
        }
    }

    private static void lists(ObjectNode node, SetResult result) {
        ArrayNode noReference = node.putArray("noReference");
        result.withoutReference().forEach(o -> noReference.add(o.utterance().id()));
        ArrayNode pending = node.putArray("pending");
        result.pending().forEach(o -> pending.add(o.utterance().id()));
        ArrayNode failed = node.putArray("failed");
        result.failed()
                .forEach(o -> failed.addObject().put("id", o.utterance().id()).put("reason", o.reason()));
    }

    private static ObjectNode comparison(Comparison comparison) {
        ObjectNode node = NODES.objectNode();
        node.put("set", comparison.set());
        node.put("first", comparison.first());
        node.put("second", comparison.second());
        node.put("utterances", comparison.utterances());
        rate(node, "firstWer", comparison.firstWer());
        rate(node, "secondWer", comparison.secondWer());
        rate(node, "relativeReduction", comparison.reduction().orElse(Double.NaN));
        test(node.putObject("mapsswe"), comparison.test());
        return node;
    }

    /** A matched-pairs test: {@code segments, mean, deviation, z, p}. */
    public static void test(ObjectNode node, MatchedPairs test) {
        node.put("segments", test.segments())
                .put("mean", test.mean())
                .put("deviation", test.deviation())
                .put("z", test.z())
                .put("p", test.p());
    }

    /**
     * All counts: {@code words, correct, substitutions, deletions, insertions, wer, characters, sentences,
     * sentenceErrors}.
     */
    public static void score(ObjectNode node, Score score) {
        words(node, score.words());
        ObjectNode characters = node.putObject("characters");
        characters.put("reference", score.characters().reference());
        counts(characters, score.characters());
        rate(characters, "cer", score.cer());
        node.put("sentences", score.sentences());
        node.put("sentenceErrors", score.sentenceErrors());
    }

    private static void words(ObjectNode node, ErrorCounts words) {
        node.put("words", words.reference());
        counts(node, words);
        rate(node, "wer", words.rate());
    }

    private static void counts(ObjectNode node, ErrorCounts counts) {
        node.put("correct", counts.correct());
        node.put("substitutions", counts.substitutions());
        node.put("deletions", counts.deletions());
        node.put("insertions", counts.insertions());
    }

    /** Both bounds, {@code low} and {@code high}. */
    public static void interval(ObjectNode node, Interval interval) {
        rate(node, "low", interval.low());
        rate(node, "high", interval.high());
    }

    private static void rate(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    /**
     * One utterance on one line, without a line end: {@code set}, {@code id}, {@code audio}, {@code speaker}, {@code text}
     * as published, {@code outcome} (scored, noReference, failed or pending); of a scored one also {@code reference} and
     * {@code hypothesis} as compared, {@code recognized} as it came, {@code seconds}, {@code elapsed},
     * {@code realTimeFactor}, {@code level} in decibels, the counts as in a set, {@code wordTimes} [{word, start, end,
     * confidence}], {@code expertUsage} [layer][expert]; of a failed one {@code reason}.
     *
     * @param set name of the utterance's set
     * @param outcome what became of it
     */
    public static String line(String set, Outcome outcome) {
        ObjectNode node = NODES.objectNode();
        node.put("set", set);
        node.put("id", outcome.utterance().id());
        node.put("audio", outcome.utterance().audio().toString());
        node.put("speaker", outcome.utterance().speaker());
        node.put("text", outcome.utterance().text());
        if (outcome instanceof Outcome.Scored scored) {
            node.put("outcome", "scored");
            scored(node, scored);
        } else if (outcome instanceof Outcome.Failed failed) {
            node.put("outcome", "failed").put("reason", failed.reason());
        } else {
            node.put("outcome", outcome instanceof Outcome.Pending ? "pending" : "noReference");
        }
        return node.toString();
    }

    private static void scored(ObjectNode node, Outcome.Scored outcome) {
        Recognition recognition = outcome.recognition();
        node.put("reference", outcome.reference());
        node.put("hypothesis", outcome.hypothesis());
        node.put("recognized", recognition.text());
        node.put("seconds", recognition.seconds());
        node.put("elapsed", recognition.elapsed());
        node.put(
                "realTimeFactor", recognition.elapsed() == null ? null : recognition.elapsed() / recognition.seconds());
        node.put("level", recognition.level());
        words(node, outcome.scored().words());
        counts(node.putObject("characters"), outcome.scored().score().characters());
        ArrayNode times = node.putArray("wordTimes");
        recognition.words().forEach(word -> times.addObject()
                .put("word", word.text())
                .put("start", word.start())
                .put("end", word.end())
                .put("confidence", word.confidence()));
        node.set("expertUsage", NODES.pojoNode(recognition.usage()));
    }
}
