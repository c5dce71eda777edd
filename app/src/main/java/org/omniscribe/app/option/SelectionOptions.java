package org.omniscribe.app.option;

import java.io.PrintWriter;
import java.util.Locale;
import org.omniscribe.export.label.Selection;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say which of the labels of recordings are kept to train on. */
public final class SelectionOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--min-seconds",
            paramLabel = "S",
            defaultValue = "1",
            description = "Leave out what is shorter. Default: ${DEFAULT-VALUE}.")
    private double minSeconds;

    @Option(
            names = "--max-seconds",
            paramLabel = "S",
            defaultValue = "15",
            description = "Cut what is longer. Default: ${DEFAULT-VALUE}.")
    private double maxSeconds;

    @Option(
            names = "--min-confidence",
            paramLabel = "P",
            defaultValue = "0.8",
            description = "Least mean confidence of the words, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double minConfidence;

    @Option(
            names = "--min-speech",
            paramLabel = "P",
            defaultValue = "0.4",
            description = "Least share of the time that lies in words, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double minSpeech;

    @Option(
            names = "--min-agreement",
            paramLabel = "P",
            defaultValue = "0.8",
            description = "Least share of words that both models heard alike, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double minAgreement;

    @Option(
            names = "--max-repeats",
            paramLabel = "N",
            defaultValue = "5",
            description = "Keep one text at most so often. Default: ${DEFAULT-VALUE}.")
    private int maxRepeats;

    /** The rules that the options name. */
    public Selection.Rules rules() {
        try {
            return new Selection.Rules(minSeconds, maxSeconds, minConfidence, minSpeech, minAgreement, maxRepeats);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }

    /** Tells what became of a selection. */
    public static void tell(PrintWriter err, Selection.Counts counts, String manifest) {
        long stretches = counts.kept()
                + counts.dropped().values().stream().mapToLong(Long::longValue).sum();
        err.printf(
                Locale.ROOT,
                "%d of %d stretches kept, %.2f of %.2f h, of %d recording%s; %s%n",
                counts.kept(),
                stretches,
                counts.keptSeconds() / 3600,
                counts.seconds() / 3600,
                counts.recordings(),
                counts.recordings() == 1 ? "" : "s",
                manifest);
        for (Selection.Reason reason : Selection.Reason.values()) {
            if (counts.dropped().containsKey(reason)) {
                err.printf(Locale.ROOT, "%8d %s%n", counts.dropped().get(reason), reason.words());
            }
        }
        if (counts.twice() > 0) {
            err.printf(
                    Locale.ROOT,
                    "%8d recordings are the same sound as another, the first: %s%n",
                    counts.twice(),
                    counts.firstTwice());
        }
        err.flush();
    }
}
