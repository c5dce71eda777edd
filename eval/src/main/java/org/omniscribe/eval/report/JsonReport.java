package org.omniscribe.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.Score;

/**
 * A report and its utterances as JSON, for other programs.
 *
 * <p>The report: {@code model}, {@code normalizer} {name, version}, {@code costs}, {@code sets} [...], {@code total}. A
 * set: {@code name}, {@code utterances}, {@code seconds} scored, {@code words}, {@code correct}, {@code substitutions},
 * {@code deletions}, {@code insertions}, {@code wer}, {@code werInterval} {low, high} at 95 %, {@code characters} {reference, counts, cer},
 * {@code sentences}, {@code sentenceErrors}, {@code realTimeFactor}, {@code noReference} [ids], {@code failed} [{id,
 * reason}]. Rates are fractions; null where there is nothing to measure.
 */
public final class JsonReport {
    private JsonReport() {}

    /**
     * The report, indented.
     *
     * @param report the report
     */
    public static String format(Report report) {
        return report(report).toPrettyString() + "\n";
    }

    private static ObjectNode report(Report report) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("model", report.model());
        node.putObject("normalizer")
                .put("name", report.normalizer().name())
                .put("version", report.normalizer().version());
        node.put("costs", report.costs().name().toLowerCase(Locale.ROOT));
        ArrayNode sets = node.putArray("sets");
        report.sets().forEach(set -> sets.add(set(set)));
        node.set("total", set(report.total()));
        return node;
    }

    private static ObjectNode set(SetResult set) {
        Score score = set.score();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", set.name());
        node.put("utterances", set.outcomes().size());
        rate(node, "seconds", set.seconds());
        words(node, score.words());
        Interval interval = set.werInterval();
        ObjectNode bounds = node.putObject("werInterval");
        rate(bounds, "low", interval.low());
        rate(bounds, "high", interval.high());
        ObjectNode characters = node.putObject("characters");
        characters.put("reference", score.characters().reference());
        counts(characters, score.characters());
        rate(characters, "cer", score.cer());
        node.put("sentences", score.sentences());
        node.put("sentenceErrors", score.sentenceErrors());
        rate(node, "realTimeFactor", set.realTimeFactor());
        ArrayNode noReference = node.putArray("noReference");
        set.withoutReference().forEach(o -> noReference.add(o.utterance().id()));
        ArrayNode failed = node.putArray("failed");
        set.failed()
                .forEach(o -> failed.addObject().put("id", o.utterance().id()).put("reason", o.reason()));
        return node;
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

    private static void rate(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    /**
     * One utterance on one line, without a line end: {@code set}, {@code id}, {@code audio}, {@code speaker}, {@code text}
     * as published, {@code outcome} (scored, noReference or failed); of a scored one also {@code reference} and {@code
     * hypothesis} as compared, {@code recognized} as it came, {@code seconds}, {@code elapsed}, the counts as in a set,
     * {@code wordTimes} [{word, start, end, confidence}]; of a failed one {@code reason}.
     *
     * @param set name of the utterance's set
     * @param outcome what became of it
     */
    public static String line(String set, Outcome outcome) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
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
            node.put("outcome", "noReference");
        }
        return node.toString();
    }

    private static void scored(ObjectNode node, Outcome.Scored scored) {
        node.put("reference", scored.reference());
        node.put("hypothesis", scored.hypothesis());
        node.put("recognized", scored.transcript().text());
        node.put("seconds", scored.transcript().duration());
        node.put("elapsed", scored.elapsed());
        words(node, scored.score().words());
        counts(node.putObject("characters"), scored.score().characters());
        ArrayNode times = node.putArray("wordTimes");
        scored.transcript().words().forEach(word -> times.addObject()
                .put("word", word.text())
                .put("start", word.start())
                .put("end", word.end())
                .put("confidence", word.confidence()));
    }
}
