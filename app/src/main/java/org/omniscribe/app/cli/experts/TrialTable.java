package org.omniscribe.app.cli.experts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.omniscribe.app.command.TextTable;
import org.omniscribe.app.experts.Trial;
import org.omniscribe.eval.text.Normalizer;

/** Trials side by side, the first being what the others are compared with. */
final class TrialTable {
    private TrialTable() {}

    /** As a table for the terminal; rates in percent. */
    static String text(List<Trial> trials) {
        TextTable table = new TextTable("", "loss", "WER %", "95 % interval", "change", "CER %", "x real time");
        double first = trials.get(0).score().wer();
        for (Trial trial : trials) {
            table.add(
                    trial.name(),
                    TextTable.number("%.3f", trial.loss()),
                    percent(trial.score().wer()),
                    percent(trial.interval().low()) + " - "
                            + percent(trial.interval().high()),
                    trial == trials.get(0)
                            ? ""
                            : TextTable.number("%+.2f", 100 * (trial.score().wer() - first)),
                    percent(trial.score().cer()),
                    TextTable.number("%.1f", trial.speed()));
        }
        return table.toString();
    }

    private static String percent(double rate) {
        return TextTable.number("%.2f", 100 * rate);
    }

    /** As JSON: {@code model}, {@code normalizer} and {@code trials}; rates are fractions. */
    static String json(String model, Normalizer normalizer, List<Trial> trials) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("model", model);
        node.put("normalizer", normalizer.name() + " " + normalizer.version());
        trials.forEach(trial -> {
            ObjectNode entry = node.withArray("trials").addObject().put("name", trial.name());
            number(entry, "loss", trial.loss());
            entry.put("words", trial.score().words().reference());
            number(entry, "wer", trial.score().wer());
            number(entry, "werLow", trial.interval().low());
            number(entry, "werHigh", trial.interval().high());
            number(entry, "cer", trial.score().cer());
            entry.put("seconds", trial.seconds()).put("elapsed", trial.elapsed());
        });
        return node.toPrettyString() + "\n";
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
