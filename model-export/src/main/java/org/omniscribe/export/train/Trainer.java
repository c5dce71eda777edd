package org.omniscribe.export.train;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Gate;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.train.TrainingState.Position;
import org.omniscribe.export.upcycle.TrainingStart;

/**
 * Trains a network after a recipe in a folder of its own.
 *
 * <p>The folder gets {@code recipe.json}; {@code state.safetensors}, from which a killed run goes on as if nothing had
 * happened; {@code curve.jsonl}, a line for every 20 updates and every measurement; {@code model.safetensors}, the
 * averaged weights of the last measurement, ready to export; and {@code best.safetensors}, those with the lowest
 * character error rate over the dev sets, or the last where a recipe has no dev sets. The feature cache may be shared between runs.
 */
public final class Trainer implements AutoCloseable {
    /** The averaged weights of the last measurement. */
    public static final String MODEL = "model.safetensors";

    /** The averaged weights with the lowest character error rate on dev. */
    public static final String BEST = "best.safetensors";

    private static final String CURVE = "curve.jsonl";
    private static final int LOG_EVERY = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainConfig config;
    private final Path folder;
    private final Consumer<String> log;
    private final Tokenizer tokenizer;
    private final PhoneTargets phones;
    private final FeatureSpec spec;
    private final Architecture architecture;
    private final FeatureCache features;
    private final TrainingData data;
    private final DevSets dev;
    private final NDManager manager;
    private final OmniRouterNet net;
    private final AdamW optimizer;
    private final TrainingStep step;
    private final Teacher teacher;
    private final Set<String> fresh = new LinkedHashSet<>();
    /** Whether only heads and routers are trained; null before the first update. */
    private Boolean chosen;

    private Position position = Position.START;
    private double bestRate = Double.POSITIVE_INFINITY;
    private long started;
    private volatile boolean stopped;

    /**
     * Prepares a run: data, features, and the state of an earlier start if there is one.
     *
     * @param recipe the recipe file
     * @param base folder that the recipe's paths are relative to
     * @param folder of the run; made if missing
     * @param cache folder of the feature cache
     * @param log takes a line of progress at a time
     * @throws RecipeException if the recipe cannot be used, or the folder holds a run of another one
     */
    public Trainer(Path recipe, Path base, Path folder, Path cache, Consumer<String> log) {
        this.config = TrainConfig.read(recipe);
        this.folder = folder;
        // Before the features, which can take long: is the folder another run's?
        TrainingState state = TrainingState.read(folder, config.toJson().toString());
        this.log = log;
        this.tokenizer = Tokenizer.of(config.tokens(), name -> beside(recipe, base, name));
        this.phones = config.phones() == null ? null : new PhoneTargets(beside(recipe, base, config.phones()));
        TrainingStart start = config.start() == null ? null : TrainingStart.read(beside(recipe, base, config.start()));
        this.spec = start == null ? FeatureSpec.standard() : start.features();
        this.architecture = architecture(start);
        this.features = new FeatureCache(
                cache,
                spec,
                config.noise().stream().map(base::resolve).toList(),
                config.rooms().stream().map(base::resolve).toList(),
                log);
        this.data = new TrainingData(config, base, features, spec, tokenizer, phones, architecture, log);
        Torch.setMatmulPrecision(config.matmul());
        this.manager = Torch.newManager();
        this.dev = new DevSets(config, base, features, spec, tokenizer, phones, manager, log);
        this.net = new OmniRouterNet(architecture, manager, config.seed());
        if (start != null) {
            takeOver(start.name(), start.weights(), state == null);
        } else if (state == null && config.from() != null) {
            Path checkpoint = beside(recipe, base, config.from());
            takeOver(checkpoint.toString(), SafeTensors.read(checkpoint), true);
        }
        this.optimizer = new AdamW(
                net.parameters(), new AdamW.Settings(0.9f, 0.98f, 1e-8f, config.decay(), 1, config.average()));
        TrainConfig.Distillation distillation = config.distillation();
        this.teacher = distillation == null
                ? null
                : new Teacher(
                        TrainingStart.read(beside(recipe, base, distillation.teacher())),
                        distillation,
                        cache.resolve("teacher.bin"),
                        manager);
        this.step = new TrainingStep(net, optimizer, manager, weights(), teacher);
        resume(state);
        log.accept(String.format(
                "%s: %d layers of width %d, experts %s %s, %.1f M weights, %d tokens, %.2f h of speech; update %d of %d",
                config.name(),
                architecture.layers(),
                architecture.width(),
                architecture.formatExperts(),
                architecture.routing().name().toLowerCase(Locale.ROOT),
                net.size() / 1e6,
                architecture.vocabulary(),
                data.seconds() / 3600,
                position.step(),
                config.steps()));
    }

    /** A file that the recipe names: beside the recipe if it is there, else among the data. */
    private static Path beside(Path recipe, Path base, String name) {
        Path beside = recipe.resolveSibling(name);
        return Files.exists(beside) ? beside : base.resolve(name);
    }

    private Architecture architecture(TrainingStart start) {
        int tokens = tokenizer.vocabulary().size();
        int phoneTokens = phones == null ? 0 : phones.vocabulary().size();
        return start == null
                ? config.network().architecture(spec.bins(), tokens, phoneTokens)
                : start.architecture().toBuilder()
                        .vocabulary(tokens)
                        .phones(phoneTokens)
                        .build();
    }

    private TrainingStep.Weights weights() {
        TrainConfig.Distillation distillation = config.distillation();
        return new TrainingStep.Weights(
                distillation == null ? 1 : distillation.ctcWeight(),
                config.balance(),
                config.intermediateWeight(),
                config.phonesWeight(),
                distillation == null ? 0 : distillation.weight());
    }

    /**
     * Takes over the weights that fit, and remembers which are fresh.
     *
     * @param load whether to use them, or only to see which there are, as a state is about to be read
     */
    private void takeOver(String from, Map<String, Tensor> trained, boolean load) {
        Map<String, Tensor> weights = net.weights();
        weights.replaceAll((name, tensor) -> {
            Tensor given = trained.get(name);
            if (given != null && Arrays.equals(given.shape(), tensor.shape())) {
                return given;
            }
            fresh.add(name);
            return tensor;
        });
        if (fresh.size() == weights.size()) {
            throw new RecipeException(
                    "no weight of " + from + " fits the network of the recipe. Name a checkpoint of the same width.");
        }
        if (load) {
            net.load(weights);
            log.accept("weights of " + from + (fresh.isEmpty() ? "" : ", but fresh: " + String.join(", ", fresh)));
        }
    }

    /** Learning rate of a parameter as a share of the highest: new ones in full, lower layers less. */
    private double share(String name, boolean headsOnly) {
        if (fresh.contains(name) || name.startsWith("routers.") || config.start() == null) {
            return 1;
        }
        if (headsOnly) {
            return 0;
        }
        int above = 0;
        if (name.startsWith("layers.")) {
            above = architecture.layers() - 1 - Integer.parseInt(name.split("\\.")[1]);
        } else if (name.startsWith("input.") || name.startsWith("position.")) {
            above = architecture.layers();
        }
        return config.tuning().bodyRate() * Math.pow(config.tuning().layerDecay(), above);
    }

    /** Says which weights are trained from here on, where that has changed. */
    private void choose() {
        boolean headsOnly = position.step() < config.tuning().headUpdates();
        if (chosen == null || chosen != headsOnly) {
            chosen = headsOnly;
            net.train(name -> share(name, headsOnly) > 0);
            optimizer.shares(name -> share(name, headsOnly));
        }
    }

    /** Share of the router's probability in the gate after an update. */
    private OptionalDouble gateShare() {
        int updates = config.tuning().gateUpdates();
        if (updates == 0) {
            return OptionalDouble.empty();
        }
        double from = architecture.gate().share();
        return OptionalDouble.of(from + (1 - from) * Math.min(1, (double) position.step() / updates));
    }

    private void resume(TrainingState state) {
        try {
            Files.createDirectories(folder);
            if (state != null) {
                state.restore(net, optimizer);
                position = state.position();
                if (Files.exists(folder.resolve(BEST))) {
                    bestRate = Double.parseDouble(
                            SafeTensors.metadata(folder.resolve(BEST)).get("devCer"));
                }
            }
            trimCurve();
            replace(folder.resolve("recipe.json"), config.toJson().toPrettyString());
        } catch (IOException e) {
            throw new TrainException("cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes the lines out of the curve that lie after the saved state, as they are about to be written again, and a last
     * one that a crash left unfinished.
     */
    private void trimCurve() throws IOException {
        Path curve = folder.resolve(CURVE);
        if (Files.exists(curve)) {
            StringBuilder kept = new StringBuilder();
            for (String line : Files.readAllLines(curve)) {
                Faults faults = new Faults();
                JsonReader json = JsonReader.of(line, faults);
                long step = json.optional("step").map(JsonReader::wholeNumber).orElse(0L);
                if (faults.isEmpty() && step <= position.step()) {
                    kept.append(line).append('\n');
                }
            }
            replace(curve, kept.toString());
        }
    }

    /** Replaces a file as a whole. */
    private static void replace(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text));
    }

    /** Lets {@link #run} end after the update at hand, with its state saved; any thread may call it. */
    public void stop() {
        stopped = true;
    }

    /**
     * Trains to the last step of the recipe, or until {@link #stop}; the state is saved either way.
     *
     * @return whether the last step is done
     */
    public boolean run() {
        started = System.nanoTime() - (long) (position.wallSeconds() * 1e9);
        Meter meter = new Meter();
        List<List<TrainingData.Pick>> epoch = data.epoch(position.epoch());
        CompletableFuture<Batch> next = prepare(epoch, position);
        while (position.step() < config.steps() && !stopped) {
            Batch batch = next.join();
            int at = position.batch() + 1;
            int number = position.epoch();
            if (at == epoch.size()) {
                at = 0;
                number++;
                epoch = data.epoch(number);
            }
            Position after = new Position(
                    position.step() + 1,
                    position.updates(),
                    number,
                    at,
                    position.audioSeconds() + batch.realFrames() * spec.hopSeconds(),
                    0);
            next = prepare(epoch, after);
            update(batch, meter);
            position = new Position(after.step(), optimizer.updates(), number, at, after.audioSeconds(), wallSeconds());
            if (position.step() % LOG_EVERY == 0) {
                report(meter);
                meter = new Meter();
            }
            boolean last = position.step() == config.steps();
            if (position.step() % config.evalEvery() == 0 || last) {
                measure();
                meter.since = System.nanoTime();
            }
            if (position.step() % config.saveEvery() == 0 && !last) {
                save();
            }
        }
        save();
        return position.step() == config.steps();
    }

    private double wallSeconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    private void save() {
        TrainingState.of(position, net, optimizer).write(folder, config.toJson().toString());
    }

    private CompletableFuture<Batch> prepare(List<List<TrainingData.Pick>> epoch, Position at) {
        return CompletableFuture.supplyAsync(() -> data.load(epoch.get(at.batch()), at.step()));
    }

    /** Learning rate of an update: a linear rise, then half a cosine down to a fiftieth. */
    private double rate(long step) {
        if (step < config.warmup()) {
            return config.rate() * (step + 1) / config.warmup();
        }
        double done = (double) (step - config.warmup()) / Math.max(1, config.steps() - config.warmup());
        return config.rate() * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
    }

    private void update(Batch batch, Meter meter) {
        Random random = new Random(config.seed() * 15_485_863 + position.step());
        int chunk = config.chunks().get(random.nextInt(config.chunks().size()));
        OmniRouterNet.Mode mode = new OmniRouterNet.Mode(
                config.dropout(),
                config.layerDrop(),
                config.routerNoise(),
                config.intermediate(),
                chunk,
                chunk == 0 ? 0 : 1 + random.nextInt(8),
                gateShare(),
                random);
        choose();
        TrainingStep.Result result = step.run(batch, mode, rate(position.step()));
        if (Double.isFinite(result.norm())) {
            meter.norm += result.norm();
        } else {
            log.accept("update " + position.step() + ": the gradient is not finite, the update is left out");
        }
        meter.loss += result.loss();
        meter.phones += result.phonesLoss();
        meter.intermediate += result.intermediateLoss();
        meter.balance += result.balance();
        meter.divergence += result.divergence();
        meter.places += result.places();
        meter.tokens += batch.tokens();
        meter.frames += batch.realFrames();
        meter.updates++;
    }

    private void report(Meter meter) {
        double speed = meter.frames * spec.hopSeconds() / ((System.nanoTime() - meter.since) / 1e9);
        ObjectNode line = line("train");
        line.put("loss", rounded(meter.loss / meter.tokens));
        if (meter.phones > 0) {
            line.put("phonesLoss", rounded(meter.phones / meter.tokens));
        }
        if (meter.intermediate > 0) {
            line.put("intermediateLoss", rounded(meter.intermediate / meter.tokens));
        }
        if (meter.places > 0) {
            line.put("divergence", rounded(meter.divergence / meter.places));
        }
        line.put("balance", rounded(meter.balance / meter.updates));
        line.put("norm", rounded(meter.norm / meter.updates));
        line.put("rate", rate(position.step()));
        line.put("audioPerSecond", rounded(speed));
        append(line);
        log.accept(String.format(
                "update %d epoch %d %6.0f s  loss %.3f%s  balance %.3f  norm %.2f  %.0f s of audio a second",
                position.step(),
                position.epoch(),
                position.wallSeconds(),
                meter.loss / meter.tokens,
                meter.places == 0 ? "" : String.format("  divergence %.3f", meter.divergence / meter.places),
                meter.balance / meter.updates,
                meter.norm / meter.updates,
                speed));
    }

    /** The network as it is used after this many updates. */
    private OmniRouterNet.Mode use() {
        OmniRouterNet.Mode use = OmniRouterNet.Mode.USE;
        return new OmniRouterNet.Mode(0, 0, 0, 0, 0, 0, gateShare(), use.random());
    }

    /** The network as it is exported: with the gate that it has come to. */
    private Architecture exported() {
        if (gateShare().isEmpty() || !architecture.anyRouted()) {
            return architecture;
        }
        double share = gateShare().getAsDouble();
        return architecture.toBuilder()
                .gate(share == 1 ? new Gate.Probability() : new Gate.Mixed(share))
                .build();
    }

    private ObjectNode line(String kind) {
        ObjectNode line = JSON.createObjectNode();
        line.put("kind", kind);
        line.put("step", position.step());
        line.put("epoch", position.epoch());
        line.put("wallSeconds", rounded(position.wallSeconds()));
        line.put("audioSeconds", rounded(position.audioSeconds()));
        return line;
    }

    static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private void append(JsonNode line) {
        try {
            Files.writeString(folder.resolve(CURVE), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new TrainException("cannot write the curve in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Measures the averaged weights on all dev sets and keeps them. */
    private void measure() {
        Map<String, Tensor> trained = net.weights();
        Map<String, Tensor> average = optimizer.average();
        net.load(average);
        ObjectNode line = line("dev");
        StringBuilder text = new StringBuilder("update " + position.step());
        double mean = dev.measure(net, use(), line, text);
        append(line);
        log.accept(text.toString());
        Map<String, String> metadata = metadata(line);
        metadata.put("devCer", Double.toString(mean));
        SafeTensors.write(folder.resolve(MODEL), average, metadata);
        if (dev.isEmpty() || mean < bestRate) {
            bestRate = mean;
            SafeTensors.write(folder.resolve(BEST), average, metadata);
        }
        net.load(trained);
    }

    /** What an exported model says of itself. */
    private Map<String, String> metadata(JsonNode measured) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("name", config.name());
        metadata.put("architecture", JSON.valueToTree(exported()).toString());
        metadata.put("features", spec.toJson().toString());
        metadata.put("tokenizer", tokenizer.kind().name());
        metadata.put("tokens", String.join("\n", tokenizer.vocabulary().tokens()));
        if (phones != null) {
            metadata.put("phones", String.join("\n", phones.vocabulary().tokens()));
        }
        metadata.put("recipe", config.toJson().toString());
        metadata.put("hours", Double.toString(rounded(data.seconds() / 3600)));
        metadata.put("dev", measured.toString());
        return metadata;
    }

    @Override
    public void close() {
        if (teacher != null) {
            teacher.close();
        }
        net.close();
        manager.close();
        features.close();
        tokenizer.close();
    }
}
