package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.omniscribe.asr.attention.AttentionResult.Dropped;
import org.omniscribe.asr.attention.AttentionResult.Reason;
import org.omniscribe.asr.attention.BatchSearch.DecoderParts;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.NetworkFile;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.token.ByteLevelTokenizer;

/**
 * Decodes batches of windows by beam search over a decoder network, with the caches of keys and values in native memory.
 *
 * <p>Windows that are finished leave their batch. All texts of a window share its keys and values of the cross-attention.
 */
public final class BeamSearchDecoder implements AttentionDecoder {
    /** Most bytes of keys and values of the cross-attention in one batch; a window that needs more is a batch of its own. */
    private static final long BATCH_BYTES = 300L << 20;

    /** More windows at once gain no speed. */
    private static final int MAX_WINDOWS = 32;

    /** Where the mean log-probability is lower, sampling is tried; the threshold of Whisper's authors. */
    private static final double DOUBTFUL = -1;

    private final AttentionSpec spec;
    private final ByteLevelTokenizer tokenizer;
    private final DecoderParts parts;
    private final WordMaker words;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private BeamSearchDecoder(
            AttentionSpec spec, ByteLevelTokenizer tokenizer, DecoderNetwork network, double stepSeconds) {
        this.spec = spec;
        this.tokenizer = tokenizer;
        Prompt prompt = new Prompt(spec, tokenizer);
        parts = new DecoderParts(
                spec,
                network,
                prompt,
                stepSeconds,
                network.mask(new boolean[spec.vocabulary()]),
                network.mask(prompt.forbidden(true)),
                network.mask(prompt.forbidden(false)));
        words = new WordMaker(tokenizer, stepSeconds);
    }

    /**
     * Loads a decoder.
     *
     * @param spec its shape and tokens
     * @param tokenizer its texts
     * @param cross the graph that makes keys and values for the cross-attention
     * @param decoder the graph that reads and foretells tokens
     * @param stepSeconds duration of a step of the encoder
     * @param options device and threads
     * @throws ModelException if the parts do not fit each other, or the runtime refuses a graph
     */
    public static BeamSearchDecoder open(
            AttentionSpec spec,
            ByteLevelTokenizer tokenizer,
            NetworkFile cross,
            NetworkFile decoder,
            double stepSeconds,
            RuntimeOptions options) {
        List<String> faults = new ArrayList<>();
        if (tokenizer.size() > spec.vocabulary()) {
            faults.add("the tokenizer has " + tokenizer.size() + " tokens, the decoder only " + spec.vocabulary());
        }
        if (!(stepSeconds > 0)) {
            faults.add("a step must last longer than " + stepSeconds + " s");
        }
        if (!faults.isEmpty()) {
            throw new ModelException("the decoder cannot be used: " + String.join("; ", faults)
                    + ". Import the model again from its source.");
        }
        return new BeamSearchDecoder(spec, tokenizer, DecoderNetwork.open(spec, cross, decoder, options), stepSeconds);
    }

    @Override
    public List<AttentionResult> decode(List<EncodedWindow> windows, AttentionOptions options) {
        check(windows, options);
        AttentionResult[] results = new AttentionResult[windows.size()];
        life.readLock().lock();
        try {
            checkOpen();
            PhraseGain gain = options.hotwords()
                    .filter(h -> !h.phrases().isEmpty())
                    .map(h -> new PhraseGain(h, tokenizer))
                    .orElse(null);
            List<int[]> contexts = windows.stream()
                    .map(w -> parts.prompt().context(options.prompt(), w.previous()))
                    .toList();
            for (int[] batch : batches(windows, contexts)) {
                decode(windows, contexts, batch, options, gain, results);
            }
        } finally {
            life.readLock().unlock();
        }
        return List.of(results);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
    }

    private void check(List<EncodedWindow> windows, AttentionOptions options) {
        List<String> faults = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            if (windows.get(w).width() != spec.width()) {
                faults.add("window " + w + " has " + windows.get(w).width() + " numbers a step, the decoder takes "
                        + spec.width());
            }
        }
        options.language()
                .filter(code -> spec.multilingual() ? !spec.languages().containsKey(code) : !code.equals("en"))
                .ifPresent(code -> faults.add("the model does not know the language \"" + code + "\"; it knows "
                        + (spec.multilingual() ? spec.languages().keySet() : "en only")));
        if (options.translate() && spec.translate() == AttentionSpec.NONE) {
            faults.add("the model cannot translate");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** Windows with as many tokens of context, the longest first, as many as memory is meant to hold. */
    private List<int[]> batches(List<EncodedWindow> windows, List<int[]> contexts) {
        TreeMap<Integer, List<Integer>> byContext = new TreeMap<>();
        for (int w = 0; w < windows.size(); w++) {
            byContext
                    .computeIfAbsent(contexts.get(w).length, k -> new ArrayList<>())
                    .add(w);
        }
        List<int[]> batches = new ArrayList<>();
        for (List<Integer> group : byContext.values()) {
            group.sort((a, b) ->
                    Integer.compare(windows.get(b).steps(), windows.get(a).steps()));
            for (int from = 0, to; from < group.size(); from = to) {
                long bytes = parts.network().bytesAStep()
                        * windows.get(group.get(from)).steps();
                long most = Math.max(1, Math.min(MAX_WINDOWS, BATCH_BYTES / bytes));
                to = (int) Math.min(group.size(), from + most);
                batches.add(group.subList(from, to).stream().mapToInt(w -> w).toArray());
            }
        }
        return batches;
    }

    private void decode(
            List<EncodedWindow> windows,
            List<int[]> contexts,
            int[] batch,
            AttentionOptions options,
            PhraseGain gain,
            AttentionResult[] results) {
        List<EncodedWindow> own = new ArrayList<>();
        List<int[]> before = new ArrayList<>();
        for (int w : batch) {
            own.add(windows.get(w));
            before.add(contexts.get(w));
        }
        try (BatchSearch search = new BatchSearch(parts, options, gain, own, before)) {
            WindowSearch[] found = search.write(w -> true, 0);
            double[] temperature = new double[batch.length];
            for (double next : options.temperatures()) {
                WindowSearch[] again = search.write(doubtful(search, found, own, options)::contains, next);
                for (int w = 0; w < again.length; w++) {
                    if (again[w] != null) {
                        found[w] = again[w];
                        temperature[w] = next;
                    }
                }
            }
            List<Optional<Dropped>> dropped = dropped(search, found, own, options);
            int[][] texts = new int[batch.length][];
            for (int w = 0; w < texts.length && options.wordTimes(); w++) {
                texts[w] = dropped.get(w).isPresent()
                        ? new int[0]
                        : found[w].best().get(0).tokens();
            }
            int[][] steps = options.wordTimes() ? search.times(texts) : texts;
            for (int w = 0; w < batch.length; w++) {
                results[batch[w]] = new AttentionResult(
                        dropped.get(w).isPresent()
                                ? List.of(nothing(found[w]))
                                : best(found[w].best(), steps[w], search.language(w), own.get(w), options),
                        search.language(w),
                        search.languageProbability(w),
                        search.noSpeech(w),
                        temperature[w],
                        dropped.get(w));
            }
        }
    }

    private String text(Text found) {
        return tokenizer.decode(found.tokens(), true).strip();
    }

    private Set<Integer> doubtful(
            BatchSearch search, WindowSearch[] found, List<EncodedWindow> windows, AttentionOptions options) {
        List<Optional<Dropped>> dropped = dropped(search, found, windows, options);
        Set<Integer> doubtful = new HashSet<>();
        for (int w = 0; w < found.length; w++) {
            boolean silent =
                    dropped.get(w).filter(d -> d.reason() == Reason.NO_SPEECH).isPresent();
            if (!silent && (dropped.get(w).isPresent() || mean(found[w].best().get(0)) < DOUBTFUL)) {
                doubtful.add(w);
            }
        }
        return doubtful;
    }

    private static double mean(Text text) {
        return text.logProb() / (text.length() + 1);
    }

    private List<Optional<Dropped>> dropped(
            BatchSearch search, WindowSearch[] found, List<EncodedWindow> windows, AttentionOptions options) {
        List<Optional<Dropped>> dropped = new ArrayList<>();
        for (int w = 0; w < found.length; w++) {
            Text best = found[w].best().get(0);
            dropped.add(TextCheck.dropped(
                    text(best), mean(best), search.noSpeech(w), windows.get(w).seconds(), options.guards()));
        }
        return dropped;
    }

    private static AttentionHypothesis nothing(WindowSearch found) {
        Text best = found.best().get(0);
        return new AttentionHypothesis("", List.of(), List.of(), best.logProb(), best.score());
    }

    private List<AttentionHypothesis> best(
            List<Text> found, int[] steps, String language, EncodedWindow window, AttentionOptions options) {
        List<AttentionHypothesis> best = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Text candidate : found) {
            String text = text(candidate);
            if (best.size() < options.nBest() && seen.add(text)) {
                int[] tokens = candidate.tokens();
                best.add(new AttentionHypothesis(
                        text,
                        words.words(tokens, candidate.logProbs(), best.isEmpty() ? steps : null, language, window),
                        Arrays.stream(tokens).boxed().toList(),
                        candidate.logProb(),
                        candidate.normalised(options.lengthPenalty())));
            }
        }
        return best;
    }

    @Override
    public List<List<LanguageScore>> detect(List<EncodedWindow> windows) {
        check(windows, AttentionOptions.STANDARD);
        List<List<LanguageScore>> found = new ArrayList<>();
        windows.forEach(w -> found.add(List.of()));
        List<int[]> contexts =
                windows.stream().map(w -> parts.prompt().context("", "")).toList();
        life.readLock().lock();
        try {
            checkOpen();
            for (int[] batch : batches(windows, contexts)) {
                List<EncodedWindow> own = new ArrayList<>();
                for (int w : batch) {
                    own.add(windows.get(w));
                }
                try (BatchSearch search = new BatchSearch(parts, AttentionOptions.STANDARD, null, own, contexts)) {
                    List<List<LanguageScore>> scores = search.languages();
                    for (int i = 0; i < batch.length; i++) {
                        found.set(batch[i], scores.get(i));
                    }
                }
            }
        } finally {
            life.readLock().unlock();
        }
        return found;
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                parts.network().close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
