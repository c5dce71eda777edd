package org.omniscribe.app.experts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.omniscribe.app.experts.ExperimentConfig.Cell;
import org.omniscribe.asr.Decoders;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.eval.experts.Findings;
import org.omniscribe.eval.report.LineChart;
import org.omniscribe.eval.run.RunException;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.text.Normalizers;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.Card;
import org.omniscribe.export.onnx.Exporter;
import org.omniscribe.export.train.TrainException;
import org.omniscribe.export.train.Trainer;

/**
 * Trains the networks of a grid one after the other, measures each, and writes one table and charts of all that are done.
 *
 * <p>Whatever ends it, it goes on where it was when it is started again. The folder gets a folder with the run of each
 * network, its bundle and its {@code result.json}; {@code table.md}, {@code results.json} and the charts.
 */
public final class Experiment {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DENSE = "dense";
    private static final String RESULT = "result.json";
    private static final String WITH_MODEL = "withLanguageModel";

    private final ExperimentConfig config;
    private final Path data;
    private final Path folder;
    private final Optional<LanguageModel> languageModel;
    private final Consumer<String> log;
    private volatile Trainer training;
    private volatile boolean stopped;

    /**
     * Prepares an experiment.
     *
     * @param config the grid
     * @param data the folder that its paths start from
     * @param folder where everything goes; made if missing
     * @param languageModel what networks are measured with too, if anything
     * @param log takes a line of progress at a time
     */
    public Experiment(
            ExperimentConfig config,
            Path data,
            Path folder,
            Optional<LanguageModel> languageModel,
            Consumer<String> log) {
        this.config = config;
        this.data = data;
        this.folder = folder;
        this.languageModel = languageModel;
        this.log = log;
    }

    /** Lets {@link #run} end after the update at hand, with its state saved; any thread may call it. */
    public void stop() {
        stopped = true;
        Trainer now = training;
        if (now != null) {
            now.stop();
        }
    }

    /**
     * Trains and measures what is not done yet.
     *
     * @return the table, and whether all is done
     */
    public Outcome run() throws IOException {
        Files.createDirectories(folder);
        List<Cell> cells = config.cells();
        for (int i = 0; i < cells.size() && !stopped; i++) {
            Cell cell = cells.get(i);
            Path own = folder.resolve(cell.name());
            if (!Files.exists(own.resolve(RESULT))) {
                log.accept("network " + (i + 1) + " of " + cells.size() + ": " + cell.name());
                if (train(cell, own)) {
                    keep(measure(cell, own), own, cells);
                }
            }
            if (languageModel.isPresent() && Files.exists(own.resolve(RESULT)) && !stopped) {
                ObjectNode result = read(own.resolve(RESULT));
                if (!result.has(WITH_MODEL)) {
                    trial(
                            result.putObject(WITH_MODEL),
                            own,
                            Decoders.beam(Function.identity(), languageModel, Optional.empty(), false),
                            UnaryOperator.identity(),
                            testSets());
                    keep(result, own, cells);
                }
            }
        }
        List<JsonNode> results = results(cells);
        if (results.isEmpty()) {
            return new Outcome("", false);
        }
        write(results);
        return new Outcome(Files.readString(folder.resolve("table.md")), results.size() == cells.size());
    }

    /**
     * What an experiment came to.
     *
     * @param table of the networks that are done, Markdown
     * @param complete whether all are done
     */
    public record Outcome(String table, boolean complete) {}

    private void keep(JsonNode result, Path own, List<Cell> cells) throws IOException {
        AtomicFile.write(own.resolve(RESULT), out -> out.write(result.toPrettyString() + "\n"));
        write(results(cells));
    }

    private static ObjectNode read(Path result) throws IOException {
        Faults faults = new Faults();
        JsonReader json = JsonReader.of(Files.readAllBytes(result), faults);
        json.members();
        faults.orThrow(all -> new RunException(
                result + " is damaged (" + all + "). Delete it, and its network is measured again."));
        return (ObjectNode) json.node();
    }

    private List<JsonNode> results(List<Cell> cells) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (Cell cell : cells) {
            Path result = folder.resolve(cell.name()).resolve(RESULT);
            if (Files.exists(result)) {
                results.add(read(result));
            }
        }
        return results;
    }

    private boolean train(Cell cell, Path own) throws IOException {
        Path recipe = folder.resolve(cell.name() + ".json");
        AtomicFile.write(recipe, out -> out.write(cell.recipe().toPrettyString() + "\n"));
        try (Trainer trainer = new Trainer(recipe, data, own, folder.resolve("cache"), log)) {
            training = trainer;
            if (stopped) {
                trainer.stop();
            }
            return trainer.run();
        } finally {
            training = null;
        }
    }

    private JsonNode measure(Cell cell, Path own) throws IOException {
        ModelBundle bundle = Exporter.export(own, own.resolve("model.zip"), Card.EMPTY);
        BundleNetwork network = BundleNetwork.read(bundle);
        List<TestSet> sets = testSets();
        Findings findings = Listening.study(bundle, sets, Map.of(), 0, 1, log, (utterance, fault) -> tell(fault))
                .findings();
        ObjectNode result = JSON.createObjectNode();
        result.put("name", cell.name())
                .put("group", cell.group())
                .put("routing", cell.routing().name())
                .put("experts", cell.experts())
                .put("seed", cell.seed());
        result.put(
                "weights",
                network.parameters().values().stream()
                        .mapToLong(t -> t.data().length)
                        .sum());
        trial(result.putObject("test"), own, Decoders::greedy, UnaryOperator.identity(), sets);
        for (int i = 1; i <= config.permutations() && cell.routing() != Routing.DENSE; i++) {
            Variant variant = Variant.parse("permute:" + i, network);
            trial(
                    result.withArray("permuted").addObject(),
                    own,
                    Decoders::greedy,
                    b -> b.withNetwork(variant.write(network)),
                    sets);
        }
        result.set("findings", JSON.valueToTree(findings));
        return result;
    }

    private List<TestSet> testSets() {
        return config.test().stream()
                .map(test -> new TestSet(
                        test.name(),
                        UtteranceList.read(data.resolve(test.manifest())).utterances()))
                .toList();
    }

    private void tell(String fault) {
        if (fault != null) {
            log.accept(fault);
        }
    }

    private void trial(
            ObjectNode node,
            Path own,
            Function<ModelBundle, CtcDecoder> decoder,
            UnaryOperator<ModelBundle> adaptation,
            List<TestSet> sets) {
        RecognizerOptions.Builder options =
                RecognizerOptions.builder().model(own.resolve("model.zip")).threads(1);
        Trial trial = Trial.run("", options, decoder, adaptation, sets, Normalizers.BASIC, fault -> {});
        if (!Double.isFinite(trial.score().wer())) {
            throw new TrainException("the test sets have no words to compare; name others in the experiment", null);
        }
        node.put("wer", trial.score().wer())
                .put("werLow", trial.interval().low())
                .put("werHigh", trial.interval().high())
                .put("cer", trial.score().cer());
        if (Double.isFinite(trial.loss())) {
            node.put("loss", trial.loss());
        }
    }

    private void write(List<JsonNode> results) throws IOException {
        AtomicFile.write(
                folder.resolve("results.json"),
                out -> out.write(JSON.valueToTree(results).toPrettyString() + "\n"));
        AtomicFile.write(folder.resolve("table.md"), out -> out.write(table(results)));
        chart("loss.svg", curves(results));
        chart("wer.svg", byExperts(results, "word error rate on the test sets", "%", r -> 100 * wer(r)));
        chart(
                "permuted.svg",
                byExperts(
                        results,
                        "loss when experts are permuted, minus the loss as trained",
                        "nats a character",
                        Experiment::harm));
        chart(
                "agreement.svg",
                byLayer(results, "agreement with the layer before, best renaming", "% of steps", Experiment::renamed));
        chart("entropy.svg", byLayer(results, "entropy of the router's distribution", "bits", Experiment::entropies));
    }

    private void chart(String name, LineChart chart) throws IOException {
        if (chart != null) {
            AtomicFile.write(folder.resolve(name), out -> out.write(chart.svg()));
        }
    }

    /** Networks that differ in their seed only, in the order of the grid. */
    private static Map<String, List<JsonNode>> groups(List<JsonNode> results) {
        return results.stream()
                .collect(Collectors.groupingBy(Experiment::group, LinkedHashMap::new, Collectors.toList()));
    }

    private static String group(JsonNode result) {
        return result.get("group").asText();
    }

    /** With the language model where that was measured. */
    private static double wer(JsonNode result) {
        return result.has(WITH_MODEL) ? result.get(WITH_MODEL).get("wer").asDouble() : greedyWer(result);
    }

    private static double greedyWer(JsonNode result) {
        return result.at("/test/wer").asDouble();
    }

    /** How much larger the loss is with permuted experts; NaN where there are none. */
    private static double harm(JsonNode result) {
        double sum = 0;
        for (JsonNode permuted : result.path("permuted")) {
            sum += permuted.path("loss").asDouble(Double.NaN);
        }
        return sum / result.path("permuted").size() - result.at("/test/loss").asDouble(Double.NaN);
    }

    private static double mean(List<JsonNode> results, ToDoubleFunction<JsonNode> value) {
        return results.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private static List<Double> entropies(JsonNode result) {
        List<Double> values = new ArrayList<>();
        for (JsonNode layer : result.at("/findings/layers")) {
            values.add(layer.path("routerEntropy").asDouble(Double.NaN));
        }
        return values;
    }

    /** Of each layer but the first. */
    private static List<Double> renamed(JsonNode result) {
        List<Double> values = new ArrayList<>(List.of(Double.NaN));
        JsonNode pairs = result.at("/findings/agreement/renamed");
        for (int i = 1; i < pairs.size(); i++) {
            values.add(100 * pairs.get(i).get(i - 1).asDouble());
        }
        return values;
    }

    private static double overLayers(List<Double> values) {
        return values.stream()
                .filter(Double::isFinite)
                .mapToDouble(v -> v)
                .average()
                .orElse(Double.NaN);
    }

    private static double stretch(JsonNode result) {
        double step = result.at("/findings/stepSeconds").asDouble();
        List<Double> lengths = new ArrayList<>();
        for (JsonNode layer : result.at("/findings/layers")) {
            lengths.add(1000 * step * layer.at("/segments/mean").asDouble());
        }
        return overLayers(lengths);
    }

    private static String table(List<JsonNode> results) {
        StringBuilder text = new StringBuilder();
        Map<String, List<JsonNode>> groups = groups(results);
        String standard = groups.containsKey(DENSE) ? DENSE : group(results.get(0));
        text.append("| network | seeds | M weights | test loss | greedy CER % | greedy WER % | WER % (each seed) |"
                        + " against ")
                .append(standard)
                .append(" % | against Switch % | agreement % | router entropy | stretch ms | loss permuted")
                .append(" | WER permuted % |\n")
                .append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        groups.forEach((name, members) -> {
            boolean dense = Routing.valueOf(members.get(0).get("routing").asText()) == Routing.DENSE;
            String own = members.stream().map(m -> number("%.1f", 100 * wer(m))).collect(Collectors.joining(", "));
            text.append(String.join(
                            " | ",
                            "| " + name,
                            Integer.toString(members.size()),
                            number("%.2f", mean(members, m -> m.get("weights").asDouble() / 1e6)),
                            number("%.3f", mean(members, m -> m.at("/test/loss").asDouble(Double.NaN))),
                            number(
                                    "%.1f",
                                    100 * mean(members, m -> m.at("/test/cer").asDouble())),
                            number("%.1f", 100 * mean(members, Experiment::greedyWer)),
                            number("%.1f", 100 * mean(members, Experiment::wer)) + " (" + own + ")",
                            name.equals(standard) ? "" : against(members, groups.get(standard)),
                            name.startsWith("Omni")
                                    ? against(members, groups.get(name.replace("Omni-router", "Switch")))
                                    : "",
                            dense ? "" : number("%.1f", mean(members, m -> overLayers(renamed(m)))),
                            dense ? "" : number("%.2f", mean(members, m -> overLayers(entropies(m)))),
                            dense ? "" : number("%.0f", mean(members, Experiment::stretch)),
                            dense
                                    ? ""
                                    : number(
                                            "%.3f",
                                            mean(
                                                    members,
                                                    m -> harm(m)
                                                            + m.at("/test/loss").asDouble())),
                            dense ? "" : number("%.1f", 100 * mean(members, Experiment::permutedWer))))
                    .append(" |\n");
        });
        return text.append("\n"
                        + "Agreement is that of neighbouring layers under the best renaming of experts, as a mean"
                        + " over layers. WER: with the language model where one was given, else greedy; permuted:"
                        + " greedy. Against: the relative change of WER over the seeds that both have.\n")
                .toString();
    }

    private static double permutedWer(JsonNode result) {
        double sum = 0;
        for (JsonNode permuted : result.path("permuted")) {
            sum += permuted.get("wer").asDouble();
        }
        return sum / result.path("permuted").size();
    }

    /** The relative change of the error rate against other networks, over the seeds that both have. */
    private static String against(List<JsonNode> members, List<JsonNode> others) {
        double own = 0;
        double other = 0;
        for (JsonNode member : members) {
            for (JsonNode candidate : others == null ? List.<JsonNode>of() : others) {
                if (candidate.get("seed").equals(member.get("seed"))) {
                    own += wer(member);
                    other += wer(candidate);
                }
            }
        }
        return other == 0 ? "" : number("%+.1f", 100 * (own - other) / other);
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    private static int colour(JsonNode result) {
        return Routing.valueOf(result.get("routing").asText()) == Routing.DENSE
                ? 0
                : result.get("routing").asText().equals(Routing.INDEPENDENT.name()) ? 1 : 2;
    }

    private int dash(JsonNode result) {
        return Math.max(0, config.experts().indexOf(result.get("experts").asInt()));
    }

    /** Training loss over the updates, of the first seed. */
    private LineChart curves(List<JsonNode> results) throws IOException {
        List<LineChart.Line> lines = new ArrayList<>();
        for (List<JsonNode> group : groups(results).values()) {
            JsonNode first = group.get(0);
            List<LineChart.Point> points = new ArrayList<>();
            Path curve = folder.resolve(first.get("name").asText()).resolve("curve.jsonl");
            for (String line : Files.readAllLines(curve)) {
                // A line that a crash cut off is no point of the curve.
                JsonNode entry = JsonReader.of(line, new Faults()).node();
                if (entry.path("kind").asText().equals("train")) {
                    points.add(new LineChart.Point(
                            entry.get("step").asDouble(), entry.get("loss").asDouble()));
                }
            }
            if (!points.isEmpty()) {
                lines.add(new LineChart.Line(group(first), points, colour(first), dash(first)));
            }
        }
        return lines.isEmpty() ? null : new LineChart("training loss", "updates", "nats a token", lines);
    }

    /** A value over the number of experts, as a mean over seeds; dense networks have one expert. */
    private static LineChart byExperts(
            List<JsonNode> results, String title, String unit, ToDoubleFunction<JsonNode> value) {
        Map<String, List<LineChart.Point>> points = new LinkedHashMap<>();
        groups(results).forEach((name, members) -> {
            double y = mean(members, value);
            if (Double.isFinite(y)) {
                points.computeIfAbsent(name.replaceAll(",.*", ""), n -> new ArrayList<>())
                        .add(new LineChart.Point(members.get(0).get("experts").asInt(), y));
            }
        });
        List<LineChart.Line> lines = new ArrayList<>();
        points.forEach((name, own) -> lines.add(new LineChart.Line(
                name, own, Math.max(0, List.of(DENSE, "Switch", "Omni-router").indexOf(name)), 0)));
        return lines.isEmpty() ? null : new LineChart(title, "experts a layer", unit, lines);
    }

    /** A value over the layers, as a mean over seeds. */
    private LineChart byLayer(
            List<JsonNode> results, String title, String unit, Function<JsonNode, List<Double>> values) {
        List<LineChart.Line> lines = new ArrayList<>();
        groups(results).forEach((name, members) -> {
            List<LineChart.Point> points = new ArrayList<>();
            int layers = values.apply(members.get(0)).size();
            for (int layer = 0; layer < layers; layer++) {
                int index = layer;
                double y = mean(members, m -> values.apply(m).get(index));
                if (Double.isFinite(y) && !name.equals(DENSE)) {
                    points.add(new LineChart.Point(layer + 1, y));
                }
            }
            if (!points.isEmpty()) {
                lines.add(new LineChart.Line(name, points, colour(members.get(0)), dash(members.get(0))));
            }
        });
        return lines.isEmpty() ? null : new LineChart(title, "layer", unit, lines);
    }
}
