package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.upcycle.TrainingStart;

/**
 * A dense encoder with its attention decoder, both as they were: says what the decoder makes of reference texts, which a
 * student's encoder is to lead the same decoder to. It is asked once for each utterance; its answers are kept on disk.
 *
 * <p>It hears each utterance with silence behind it. Whisper was trained on 30 s throughout, and at the natural length of a
 * short utterance its decoder is unsure where the text ends; with eight seconds of silence its distributions are within 0.02
 * nats of those at 30 s, and cost a third.
 */
final class Teacher implements AutoCloseable {
    /** Frames of 30 s, the most that the encoder has places for. */
    private static final int MAX_FRAMES = 3000;

    private final String identity;
    private final LogMelFrontEnd frontEnd;
    private final int padding;
    private final double correction;
    private final OmniRouterNet encoder;
    private final FrozenDecoder decoder;
    private final ByteLevelTokenizer tokenizer;
    private final int[] prompt;
    private final AttentionSpec spec;
    private final TeacherCache cache;
    private final NDManager manager;

    /**
     * Loads a teacher.
     *
     * @param start a dense network with a decoder
     * @param distillation silence behind each utterance, up to 30 s in all, and how much references correct
     * @param cache where answers are kept
     * @throws RecipeException if the network has experts or no decoder
     */
    Teacher(TrainingStart start, TrainConfig.Distillation distillation, Path cache, NDManager parent) {
        Architecture architecture = start.architecture();
        if (architecture.decoder() == null || architecture.anyRouted()) {
            throw new RecipeException("the teacher " + start.name() + " must be dense and have a decoder. Make one with"
                    + " omniscribe upcycle MODEL --routing dense");
        }
        this.spec = architecture.decoder();
        this.frontEnd = new LogMelFrontEnd(start.features());
        this.padding = (int)
                Math.round(distillation.paddingSeconds() / start.features().hopSeconds());
        this.correction = distillation.correction();
        this.identity = start.name() + " " + padding + " " + TeacherTargets.COUNT + " ";
        this.manager = parent.newSubManager();
        this.encoder = encoder(start, manager);
        this.decoder = new FrozenDecoder(start.weights(), spec.layers(), spec.heads(), manager);
        this.tokenizer = ByteLevelTokenizer.read(start.tokenizer());
        this.prompt = prompt(spec);
        this.cache = new TeacherCache(cache);
    }

    private static OmniRouterNet encoder(TrainingStart start, NDManager manager) {
        OmniRouterNet net = new OmniRouterNet(start.architecture(), manager, 0);
        Map<String, Tensor> weights = new LinkedHashMap<>(net.weights());
        weights.replaceAll((name, fresh) -> start.weights().getOrDefault(name, fresh));
        net.load(weights);
        net.train(name -> false);
        return net;
    }

    /** What a transcript in English without times begins with. */
    private static int[] prompt(AttentionSpec spec) {
        return spec.languages().containsKey("en")
                ? new int[] {spec.start(), spec.languages().get("en"), spec.transcribe(), spec.noTimestamps()}
                : new int[] {spec.start(), spec.noTimestamps()};
    }

    /** The decoder, to be read by a student. */
    FrozenDecoder decoder() {
        return decoder;
    }

    /** Prompt, text and end, as the decoder reads them, cut to what it has places for. */
    private int[] tokens(String reference) {
        int[] written = tokenizer.encode(" " + reference);
        int kept = Math.min(written.length, spec.maxTokens() - prompt.length - 1);
        IntStream text = IntStream.concat(Arrays.stream(prompt), Arrays.stream(written, 0, kept));
        return IntStream.concat(text, IntStream.of(spec.end())).toArray();
    }

    /** What it says of each utterance, asked for the first time or read from the disk, corrected by the reference. */
    List<TeacherTargets> targets(List<Batch.Lesson> lessons) {
        List<TeacherTargets> targets = new ArrayList<>();
        for (Batch.Lesson lesson : lessons) {
            String key = identity + lesson.id() + " " + lesson.text();
            TeacherTargets own = cache.get(key).orElseGet(() -> {
                TeacherTargets asked = ask(lesson);
                cache.put(key, asked);
                return asked;
            });
            targets.add(correction > 0 ? own.corrected(correction, tokenizer) : own);
        }
        return targets;
    }

    private TeacherTargets ask(Batch.Lesson lesson) {
        float[][] mel = lesson.logMel().get();
        int bins = encoder.architecture().melBins();
        int frames = Math.min(MAX_FRAMES, mel.length + padding);
        float[][] padded = new float[frames][];
        for (int t = 0; t < frames; t++) {
            padded[t] = t < mel.length ? mel[t].clone() : silence(bins);
        }
        frontEnd.normalize(padded);
        float[] packed = new float[frames * bins];
        for (int t = 0; t < frames; t++) {
            System.arraycopy(padded[t], 0, packed, t * bins, bins);
        }
        int[][] tokens = {tokens(lesson.text())};
        try (NDManager step = manager.newSubManager()) {
            NDArray features = Torch.array(step, packed, new Shape(1, frames, bins));
            OmniRouterNet.Output output = encoder.forward(features, new int[] {frames}, OmniRouterNet.Mode.USE);
            NDArray logProbs = decoder.logProbs(output.states(), output.lengths(), tokens, prompt.length);
            return TeacherTargets.of(logProbs, tokens, prompt.length).get(0);
        }
    }

    /** A frame of digital silence: the floor of the logarithm. */
    private float[] silence(int bins) {
        float[] frame = new float[bins];
        Arrays.fill(frame, (float) Math.log10(frontEnd.spec().logarithm().floor()));
        return frame;
    }

    @Override
    public void close() {
        cache.close();
        manager.close();
    }
}
