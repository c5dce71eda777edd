package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The networks of an experiment side by side, as Markdown: a row for each group of networks that differ in their seed. */
public final class ExperimentTable {
    private static final String NOTE = "\n"
            + "Agreement is that of neighbouring layers under the best renaming of experts, as a mean"
            + " over layers. WER: with the language model where one was given, else greedy; permuted:"
            + " greedy. Against: the relative change of WER over the seeds that both have.\n";

    private ExperimentTable() {}

    /**
     * The table.
     *
     * @param results at least one, in the order of the experiment
     */
    public static String markdown(List<NetworkResult> results) {
        ExperimentResults all = ExperimentResults.of(results);
        NetworkGroup standard = all.standard();
        List<String> head = List.of(
                "network",
                "seeds",
                "M weights",
                "test loss",
                "greedy CER %",
                "greedy WER %",
                "WER % (each seed)",
                "against " + standard.label() + " %",
                "against Switch %",
                "agreement %",
                "router entropy",
                "stretch ms",
                "loss permuted",
                "WER permuted %");
        StringBuilder text = new StringBuilder(row(head)).append("|---".repeat(head.size()) + "|\n");
        all.groups().forEach((group, members) -> {
            List<String> cells = new ArrayList<>(errors(group, members));
            cells.add(group.equals(standard) ? "" : percent(all.change(group, standard)));
            cells.add(group.independent()
                    .map(other -> percent(all.change(group, other)))
                    .orElse(""));
            cells.addAll(group.dense() ? List.of("", "", "", "", "") : routing(members));
            text.append(row(cells));
        });
        return text.append(NOTE).toString();
    }

    private static List<String> errors(NetworkGroup group, List<NetworkResult> members) {
        String each = members.stream().map(m -> number("%.1f", 100 * m.wer())).collect(Collectors.joining(", "));
        return List.of(
                group.label(),
                Integer.toString(members.size()),
                number("%.2f", ExperimentResults.mean(members, m -> m.weights() / 1e6)),
                number("%.3f", ExperimentResults.mean(members, m -> m.test().loss())),
                number(
                        "%.1f",
                        100 * ExperimentResults.mean(members, m -> m.test().cer())),
                number(
                        "%.1f",
                        100 * ExperimentResults.mean(members, m -> m.test().wer())),
                number("%.1f", 100 * ExperimentResults.mean(members, NetworkResult::wer)) + " (" + each + ")");
    }

    private static List<String> routing(List<NetworkResult> members) {
        return List.of(
                number("%.1f", ExperimentResults.mean(members, m -> NetworkResult.overLayers(m.agreements()))),
                number("%.2f", ExperimentResults.mean(members, m -> NetworkResult.overLayers(m.routerEntropies()))),
                number("%.0f", ExperimentResults.mean(members, NetworkResult::stretchMillis)),
                number("%.3f", ExperimentResults.mean(members, NetworkResult::permutedLoss)),
                number("%.1f", 100 * ExperimentResults.mean(members, NetworkResult::permutedWer)));
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String percent(double change) {
        return Double.isNaN(change) ? "" : number("%+.1f", 100 * change);
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }
}
