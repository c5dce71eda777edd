package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;

/** The figures as comma-separated values, a row a system and set; rates are fractions, and empty where there is none. */
final class CsvReport {
    private CsvReport() {}

    static String format(Report report) {
        List<List<String>> rows = new ArrayList<>();
        for (SystemReport system : report.systems()) {
            for (int i = 0; i < system.results().size(); i++) {
                rows.add(row(
                        system, system.results().get(i).name(), system.figures().get(i)));
            }
            rows.add(row(system, Comparison.ALL, system.total()));
        }
        return new Table(
                        List.of(
                                "system",
                                "set",
                                "sentences",
                                "seconds",
                                "words",
                                "correct",
                                "substitutions",
                                "deletions",
                                "insertions",
                                "wer",
                                "wer_low",
                                "wer_high",
                                "wer_low_by_speaker",
                                "wer_high_by_speaker",
                                "speakers",
                                "cer",
                                "sentence_errors",
                                "real_time_factor",
                                "expected_calibration_error"),
                        rows)
                .csv();
    }

    private static List<String> row(SystemReport system, String set, Figures figures) {
        ErrorCounts words = figures.score().words();
        Interval utterance = figures.byUtterance();
        Interval speaker = figures.bySpeaker();
        return List.of(
                system.info().name(),
                set,
                Long.toString(figures.score().sentences()),
                rate(figures.seconds()),
                Long.toString(words.reference()),
                Long.toString(words.correct()),
                Long.toString(words.substitutions()),
                Long.toString(words.deletions()),
                Long.toString(words.insertions()),
                rate(figures.score().wer()),
                rate(utterance.low()),
                rate(utterance.high()),
                rate(speaker.low()),
                rate(speaker.high()),
                Integer.toString(figures.speakers()),
                rate(figures.score().cer()),
                Long.toString(figures.score().sentenceErrors()),
                rate(figures.realTimeFactor()),
                rate(figures.calibration().expectedError()));
    }

    private static String rate(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }
}
