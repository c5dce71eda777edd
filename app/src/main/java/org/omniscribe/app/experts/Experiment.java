package org.omniscribe.app.experts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import org.omniscribe.eval.report.ExperimentCharts;
import org.omniscribe.eval.report.ExperimentTable;
import org.omniscribe.eval.report.LineChart;
import org.omniscribe.eval.report.NetworkGroup;
import org.omniscribe.eval.report.NetworkResult;
import org.omniscribe.eval.report.NetworkResult.Errors;
import org.omniscribe.eval.report.NetworkResultJson;
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
    private static final String RESULT = "result.json";
    private static final String TABLE = "table.md";

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
                NetworkResult result = read(own.resolve(RESULT));
                if (result.withLanguageModel().isEmpty()) {
                    Errors errors = trial(
                            own,
                            Decoders.beam(Function.identity(), languageModel, Optional.empty(), false),
                            UnaryOperator.identity(),
                            testSets());
                    keep(result.withLanguageModel(errors), own, cells);
                }
            }
        }
        List<NetworkResult> results = results(cells);
        if (results.isEmpty()) {
            return new Outcome("", false);
        }
        write(results);
        return new Outcome(Files.readString(folder.resolve(TABLE)), results.size() == cells.size());
    }

    /**
     * What an experiment came to.
     *
     * @param table of the networks that are done, Markdown
     * @param complete whether all are done
     */
    public record Outcome(String table, boolean complete) {}

    private void keep(NetworkResult result, Path own, List<Cell> cells) throws IOException {
        AtomicFile.write(own.resolve(RESULT), out -> out.write(NetworkResultJson.write(result)));
        write(results(cells));
    }

    private List<NetworkResult> results(List<Cell> cells) throws IOException {
        List<NetworkResult> results = new ArrayList<>();
        for (Cell cell : cells) {
            Path result = folder.resolve(cell.name()).resolve(RESULT);
            if (Files.exists(result)) {
                results.add(read(result));
            }
        }
        return results;
    }

    private static NetworkResult read(Path file) throws IOException {
        Faults faults = new Faults();
        NetworkResult result = NetworkResultJson.read(Files.readString(file), faults);
        faults.orThrow(all ->
                new RunException(file + " is damaged (" + all + "). Delete it, and its network is measured again."));
        return result;
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

    private NetworkResult measure(Cell cell, Path own) throws IOException {
        ModelBundle bundle = Exporter.export(own, own.resolve("model.zip"), Card.EMPTY);
        BundleNetwork network = BundleNetwork.read(bundle);
        List<TestSet> sets = testSets();
        Findings findings = Listening.study(bundle, sets, Map.of(), 0, 1, log, (utterance, fault) -> tell(fault))
                .findings();
        long weights = network.parameters().values().stream()
                .mapToLong(t -> t.data().length)
                .sum();
        Errors test = trial(own, Decoders::greedy, UnaryOperator.identity(), sets);
        List<Errors> permuted = new ArrayList<>();
        for (int i = 1; i <= config.permutations() && cell.group().routing() != Routing.DENSE; i++) {
            Variant variant = Variant.parse("permute:" + i, network);
            permuted.add(trial(own, Decoders::greedy, b -> b.withNetwork(variant.write(network)), sets));
        }
        return new NetworkResult(
                cell.name(), cell.group(), cell.seed(), weights, test, permuted, findings, Optional.empty());
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

    private static Errors errors(Trial trial) {
        return new Errors(
                trial.score().wer(),
                trial.interval().low(),
                trial.interval().high(),
                trial.score().cer(),
                trial.loss());
    }

    private Errors trial(
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
        return errors(trial);
    }

    private void write(List<NetworkResult> results) throws IOException {
        AtomicFile.write(folder.resolve("results.json"), out -> out.write(NetworkResultJson.write(results)));
        AtomicFile.write(folder.resolve(TABLE), out -> out.write(ExperimentTable.markdown(results)));
        for (Map.Entry<String, LineChart> chart : new ExperimentCharts(results, config.experts(), curves(results))
                .all()
                .entrySet()) {
            AtomicFile.write(
                    folder.resolve(chart.getKey()),
                    out -> out.write(chart.getValue().svg()));
        }
    }

    /** Training loss over the updates, of the first network of each group. */
    private Map<NetworkGroup, List<LineChart.Point>> curves(List<NetworkResult> results) throws IOException {
        Map<NetworkGroup, List<LineChart.Point>> curves = new HashMap<>();
        for (NetworkResult result : results) {
            if (!curves.containsKey(result.group())) {
                curves.put(result.group(), curve(folder.resolve(result.name()).resolve("curve.jsonl")));
            }
        }
        return curves;
    }

    private static List<LineChart.Point> curve(Path file) throws IOException {
        List<LineChart.Point> points = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            // A line that a crash cut off is no point of the curve.
            JsonNode entry = JsonReader.of(line, new Faults()).node();
            if (entry.path("kind").asText().equals("train")) {
                points.add(new LineChart.Point(
                        entry.get("step").asDouble(), entry.get("loss").asDouble()));
            }
        }
        return points;
    }
}
