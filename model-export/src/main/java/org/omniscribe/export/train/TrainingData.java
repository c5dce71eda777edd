package org.omniscribe.export.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.text.Normalizers;

/**
 * The utterances of a recipe, and the batches of an epoch and of a dev set. Everything random is a function of the seed
 * and the position, so a run that starts again at a position sees what it would have seen.
 */
final class TrainingData {
    private final TrainConfig config;
    private final Architecture architecture;
    private final LogMelFrontEnd frontEnd;
    private final List<Source> sources = new ArrayList<>();
    private double seconds;

    /** One utterance of one corpus with its copies. */
    private record Item(
            Source source, int index, String text, int[] target, int[] phones, int frames, String id, String written) {}

    private record Source(List<FeatureCache.Shard> copies, List<Item> items, double weight) {}

    TrainingData(
            TrainConfig config,
            Path base,
            FeatureCache cache,
            FeatureSpec spec,
            Tokenizer tokenizer,
            PhoneTargets phoneTargets,
            Architecture net,
            Consumer<String> log) {
        this.config = config;
        this.architecture = net;
        this.frontEnd = new LogMelFrontEnd(spec);
        for (TrainConfig.Corpus corpus : config.corpora()) {
            Path manifest = base.resolve(corpus.manifest()).normalize();
            List<Utterance> utterances = FeatureCache.utterances(manifest);
            int before = utterances.size();
            utterances.removeIf(u -> u.seconds() < config.minSeconds()
                    || u.seconds() > config.maxSeconds()
                    || !Normalizers.BASIC.spelledOut(u.text()));
            List<FeatureCache.Shard> copies = config.copies().stream()
                    .map(copy -> cache.shard(manifest, utterances, copy))
                    .toList();
            Source source = new Source(copies, new ArrayList<>(), corpus.weight());
            double sum = 0;
            for (int i = 0; i < utterances.size(); i++) {
                String text = Normalizers.BASIC.normalize(utterances.get(i).text());
                int[] target = tokenizer.encode(text);
                int frames = copies.get(0).frames()[i];
                if (CtcLoss.shortest(target) <= net.steps(frames)) {
                    Utterance utterance = utterances.get(i);
                    source.items.add(new Item(
                            source,
                            i,
                            text,
                            target,
                            phones(phoneTargets, text),
                            frames,
                            utterance.audio() + " " + utterance.start() + " " + utterance.end() + " "
                                    + utterance.channel(),
                            WrittenForm.of(utterance.text())));
                    sum += frames * spec.hopSeconds();
                }
            }
            seconds += sum;
            log.accept(String.format(
                    "%s: %d of %d utterances, %.2f h, weight %s",
                    corpus.manifest(), source.items.size(), before, sum / 3600, corpus.weight()));
            sources.add(source);
        }
        if (sources.stream().allMatch(s -> s.items.isEmpty())) {
            throw new RecipeException("no utterance of the corpora can be used: all are too short, too long, or have"
                    + " transcripts with digits or signs. Check minSeconds, maxSeconds and the manifests.");
        }
    }

    private static int[] phones(PhoneTargets phoneTargets, String text) {
        return phoneTargets == null ? null : phoneTargets.encode(text);
    }

    /** Audio to train on, each utterance once, in seconds. */
    double seconds() {
        return seconds;
    }

    /** What an epoch is made of: batches of utterances, each with the copy to use. */
    List<List<Pick>> epoch(int epoch) {
        Random random = new Random(config.seed() * 1_000_003 + epoch);
        List<Pick> picks = new ArrayList<>();
        for (Source source : sources) {
            for (Item item : source.items) {
                int times = (int) Math.floor(source.weight + random.nextDouble());
                for (int t = 0; t < times; t++) {
                    int copy = random.nextInt(source.copies.size());
                    int frames = source.copies.get(copy).frames()[item.index];
                    if (CtcLoss.shortest(item.target) <= architecture.steps(frames)) {
                        picks.add(new Pick(item, copy, frames, frames * (1 + 0.1 * random.nextDouble())));
                    }
                }
            }
        }
        picks.sort(Comparator.comparingDouble(Pick::order));
        int limit = (int) (config.batchSeconds() * 100);
        List<List<Pick>> batches = new ArrayList<>();
        List<Pick> batch = new ArrayList<>();
        int longest = 0;
        for (Pick pick : picks) {
            if (!batch.isEmpty() && Math.max(longest, pick.frames) * (batch.size() + 1) > limit) {
                batches.add(batch);
                batch = new ArrayList<>();
                longest = 0;
            }
            batch.add(pick);
            longest = Math.max(longest, pick.frames);
        }
        batches.add(batch);
        // A fresh network's first epoch runs from short to long, which is easier to align; all others in random order.
        if (epoch > 0 || config.start() != null) {
            Collections.shuffle(batches, random);
        }
        return batches;
    }

    /** An utterance in a copy. */
    record Pick(Item item, int copy, int frames, double order) {}

    /** The batch with its features, changed as the recipe says for a step. */
    Batch load(List<Pick> picks, long step) {
        Random random = new Random(config.seed() * 7_368_787 + step);
        List<float[][]> features = new ArrayList<>();
        int[][] targets = new int[picks.size()][];
        int[][] phones = new int[picks.size()][];
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < targets.length; i++) {
            Item item = picks.get(i).item();
            float[][] mel = item.source.copies.get(picks.get(i).copy()).read(item.index);
            // Where the encoder's steps fall on a recording is chance. Without this, the network meets an utterance at
            // one
            // phase only, and writes something else when the same audio begins half a step later.
            int shift = Math.min(mel.length, random.nextInt(architecture.stacking()));
            if (CtcLoss.shortest(item.target) <= architecture.steps(mel.length - shift)) {
                mel = Arrays.copyOfRange(mel, shift, mel.length);
            }
            if (config.warp() > 0) {
                float[][] warped = SpecAugment.warp(mel, config.warp(), random);
                if (CtcLoss.shortest(item.target) <= architecture.steps(warped.length)) {
                    mel = warped;
                }
            }
            frontEnd.normalize(mel);
            if (step >= config.maskFrom()) {
                SpecAugment.mask(mel, config, random);
            }
            features.add(mel);
            targets[i] = item.target;
            phones[i] = item.phones;
            texts.add(item.text);
        }
        List<Batch.Lesson> lessons = config.distillation() == null
                ? List.of()
                : picks.stream().map(pick -> lesson(pick.item())).toList();
        return pack(features, targets, phones, texts, lessons);
    }

    private static Batch.Lesson lesson(Item item) {
        return new Batch.Lesson(
                item.id, item.written, () -> item.source.copies.get(0).read(item.index));
    }

    /** A dev set in batches of like length. */
    static List<Batch> dev(
            Path manifest,
            FeatureCache cache,
            FeatureSpec spec,
            Tokenizer tokenizer,
            PhoneTargets phoneTargets,
            double batchSeconds) {
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(spec);
        List<Utterance> utterances = FeatureCache.utterances(manifest);
        utterances.removeIf(u -> !Normalizers.BASIC.spelledOut(u.text()));
        FeatureCache.Shard shard = cache.shard(manifest, utterances, Perturbation.NONE);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < utterances.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingInt(i -> shard.frames()[i]));
        List<Batch> batches = new ArrayList<>();
        int limit = (int) (batchSeconds * 100);
        for (int from = 0, to; from < order.size(); from = to) {
            to = from + 1;
            while (to < order.size() && shard.frames()[order.get(to)] * (to + 1 - from) <= limit) {
                to++;
            }
            List<float[][]> features = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (int i : order.subList(from, to)) {
                float[][] mel = shard.read(i);
                frontEnd.normalize(mel);
                features.add(mel);
                texts.add(Normalizers.BASIC.normalize(utterances.get(i).text()));
            }
            batches.add(pack(
                    features,
                    texts.stream().map(tokenizer::encode).toArray(int[][]::new),
                    texts.stream().map(text -> phones(phoneTargets, text)).toArray(int[][]::new),
                    texts,
                    List.of()));
        }
        return batches;
    }

    private static Batch pack(
            List<float[][]> features, int[][] targets, int[][] phones, List<String> texts, List<Batch.Lesson> lessons) {
        int[] frames = features.stream().mapToInt(f -> f.length).toArray();
        int longest = Math.max(1, Arrays.stream(frames).max().orElse(1));
        int bins = features.stream()
                .filter(f -> f.length > 0)
                .findFirst()
                .map(f -> f[0].length)
                .orElse(0);
        float[] packed = new float[frames.length * longest * bins];
        for (int b = 0; b < frames.length; b++) {
            for (int f = 0; f < frames[b]; f++) {
                System.arraycopy(features.get(b)[f], 0, packed, (b * longest + f) * bins, bins);
            }
        }
        return new Batch(packed, longest, frames, targets, phones, texts, lessons);
    }
}
