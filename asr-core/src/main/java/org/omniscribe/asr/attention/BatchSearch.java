package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.omniscribe.asr.attention.DecoderNetwork.Output;
import org.omniscribe.asr.attention.DecoderNetwork.Past;
import org.omniscribe.asr.attention.DecoderNetwork.Request;
import org.omniscribe.asr.model.AttentionSpec;

/** Writes the texts of windows whose contexts have the same number of tokens, all at once. Not thread-safe. */
final class BatchSearch implements AutoCloseable {
    /** Tokens that are sampled from, or searched for hot words; the rest of the vocabulary has next to no probability. */
    private static final int LONG_LIST = 256;

    /** More than a beam takes, as the loop guard may strike some out. */
    private static final int SPARE = 4;

    /** Tokens of a context that are read at once, which bounds the memory for it. */
    private static final int CHUNK = 64;

    /** More than anybody says: tokens a second, and at least. */
    private static final double TOKENS_A_SECOND = 15;

    private static final int MIN_TOKENS = 16;

    /** Most weights of attention that are handed over at once. */
    private static final int MAX_WEIGHTS = 1 << 24;

    private final DecoderParts parts;
    private final AttentionOptions options;
    private final List<EncodedWindow> windows;
    private final List<int[]> contexts;
    private final CrossMemory memory;
    private final PhraseGain gain;
    private final String[] language;
    private final double[] languageProbability;
    private final double[] noSpeech;

    /**
     * What all batches share.
     *
     * @param stepSeconds duration of a step of the encoder
     * @param openMask mask that forbids nothing
     * @param firstMask what the first token cannot be
     * @param textMask what no token can be
     */
    record DecoderParts(
            AttentionSpec spec,
            DecoderNetwork network,
            Prompt prompt,
            double stepSeconds,
            int openMask,
            int firstMask,
            int textMask) {}

    BatchSearch(
            DecoderParts parts,
            AttentionOptions options,
            PhraseGain gain,
            List<EncodedWindow> windows,
            List<int[]> contexts) {
        this.parts = parts;
        this.options = options;
        this.gain = gain;
        this.windows = windows;
        this.contexts = contexts;
        language = new String[windows.size()];
        languageProbability = new double[windows.size()];
        noSpeech = new double[windows.size()];
        memory = parts.network.cross(windows);
    }

    String language(int window) {
        return language[window];
    }

    double languageProbability(int window) {
        return languageProbability[window];
    }

    double noSpeech(int window) {
        return noSpeech[window];
    }

    /** The likeliest languages of each window, likeliest first. */
    List<List<LanguageScore>> languages() {
        memory.restore();
        try (Past past = parts.network.begin(memory)) {
            int n = memory.active();
            long[] tokens = new long[n];
            Arrays.fill(tokens, parts.spec.start());
            Output out = past.step(tokens, identity(n), new Request(parts.openMask, 1, false, true, false));
            List<List<LanguageScore>> found = new ArrayList<>();
            for (int w = 0; w < n; w++) {
                found.add(List.of());
            }
            for (int place = 0; place < n; place++) {
                found.set(memory.window(place), languages(out.logProbs(), place));
            }
            return found;
        }
    }

    private List<LanguageScore> languages(float[] logProbs, int place) {
        AttentionSpec spec = parts.spec;
        if (!spec.multilingual()) {
            return List.of(new LanguageScore("en", 1));
        }
        int from = place * spec.vocabulary();
        double sum = 0;
        for (int token : spec.languages().values()) {
            sum += Math.exp(logProbs[from + token]);
        }
        double all = sum;
        return spec.languages().entrySet().stream()
                .map(e -> new LanguageScore(e.getKey(), Math.exp(logProbs[from + e.getValue()]) / all))
                .sorted(Comparator.comparingDouble(LanguageScore::probability).reversed())
                .toList();
    }

    /**
     * Writes texts.
     *
     * @param taken whether a window takes part
     * @param temperature of sampling; 0 to search
     * @return the search of each window that took part; null for others
     */
    WindowSearch[] write(IntPredicate taken, double temperature) {
        if (language[0] == null) {
            findLanguages();
        }
        keep(taken);
        WindowSearch[] searches = new WindowSearch[windows.size()];
        if (memory.active() == 0) {
            return searches;
        }
        boolean longList = temperature > 0 || gain != null;
        int count = Math.min(parts.spec.vocabulary(), longList ? LONG_LIST : options.beam() + SPARE);
        try (Past past = parts.network.begin(memory)) {
            int n = memory.active();
            readContexts(past);
            for (int place = 0; place < n; place++) {
                int w = memory.window(place);
                searches[w] = new WindowSearch(
                        parts.spec.end(),
                        options,
                        limit(w),
                        gain,
                        temperature,
                        Arrays.hashCode(windows.get(w).encoded()));
            }
            Output out = past.step(tasks(), identity(n), new Request(parts.firstMask, count, true, false, false));
            advance(searches, out, count, 1);
            Request request = new Request(parts.textMask, count, true, false, false);
            while (memory.active() > 0) {
                int texts = mostLive(searches);
                long[] tokens = new long[memory.active() * texts];
                long[] rows = new long[tokens.length];
                next(searches, texts, tokens, rows);
                advance(searches, past.step(tokens, rows, request), count, texts);
            }
        }
        return searches;
    }

    private static long[] identity(int n) {
        long[] rows = new long[n];
        Arrays.setAll(rows, i -> i);
        return rows;
    }

    private void findLanguages() {
        if (options.language().isPresent() || !parts.spec.multilingual()) {
            Arrays.fill(language, options.language().orElse("en"));
            Arrays.fill(languageProbability, 1);
            return;
        }
        List<List<LanguageScore>> found = languages();
        for (int w = 0; w < language.length; w++) {
            language[w] = found.get(w).get(0).language();
            languageProbability[w] = found.get(w).get(0).probability();
        }
    }

    /** Leaves those windows only. */
    private void keep(IntPredicate taken) {
        memory.restore();
        for (int place = memory.active() - 1; place >= 0; place--) {
            if (!taken.test(memory.window(place))) {
                memory.retire(place);
            }
        }
    }

    /** Reads all contexts up to the start, which tells whether anybody speaks. */
    private void readContexts(Past past) {
        int n = memory.active();
        int length = contexts.get(0).length;
        for (int from = 0; from < length - 1; from += CHUNK) {
            int to = Math.min(length - 1, from + CHUNK);
            past.step(slice(from, to), identity(n), new Request(parts.openMask, 1, false, false, false));
        }
        Output out =
                past.step(slice(length - 1, length), identity(n), new Request(parts.openMask, 1, false, true, false));
        for (int place = 0; place < n && parts.spec.noSpeech() != AttentionSpec.NONE; place++) {
            noSpeech[memory.window(place)] =
                    Math.exp(out.logProbs()[place * parts.spec.vocabulary() + parts.spec.noSpeech()]);
        }
    }

    private long[] slice(int from, int to) {
        int n = memory.active();
        long[] tokens = new long[n * (to - from)];
        for (int place = 0; place < n; place++) {
            int[] context = contexts.get(memory.window(place));
            for (int i = from; i < to; i++) {
                tokens[place * (to - from) + i - from] = context[i];
            }
        }
        return tokens;
    }

    private int[] task(int window) {
        return parts.prompt.task(language[window], options.translate());
    }

    private long[] tasks() {
        int n = memory.active();
        int length = task(memory.window(0)).length;
        long[] tokens = new long[n * length];
        for (int place = 0; place < n; place++) {
            int[] task = task(memory.window(place));
            for (int i = 0; i < length; i++) {
                tokens[place * length + i] = task[i];
            }
        }
        return tokens;
    }

    private int limit(int window) {
        int room = parts.spec.maxTokens() - contexts.get(window).length - task(window).length;
        int spoken = MIN_TOKENS
                + (int) Math.ceil(TOKENS_A_SECOND * windows.get(window).seconds());
        return Math.max(1, Math.min(Math.min(room, parts.spec.maxTokens() / 2), spoken));
    }

    private int mostLive(WindowSearch[] searches) {
        int most = 0;
        for (int place = 0; place < memory.active(); place++) {
            most = Math.max(most, searches[memory.window(place)].live().size());
        }
        return most;
    }

    /** The last tokens of all live texts; where a window has fewer texts than others, its first one fills the rows. */
    private void next(WindowSearch[] searches, int texts, long[] tokens, long[] rows) {
        for (int place = 0; place < memory.active(); place++) {
            List<Text> live = searches[memory.window(place)].live();
            for (int j = 0; j < texts; j++) {
                Text text = live.get(j < live.size() ? j : 0);
                tokens[place * texts + j] = text.token();
                rows[place * texts + j] = text.row();
            }
        }
    }

    /** Brings every search a token further; those that have ended leave the batch. */
    private void advance(WindowSearch[] searches, Output out, int count, int texts) {
        WindowSearch.Lists lists = new WindowSearch.Lists(out.topLogProbs(), out.topTokens(), count);
        for (int place = 0; place < memory.active(); place++) {
            WindowSearch search = searches[memory.window(place)];
            search.advance(lists, place * texts, search.live().get(0).length() == 0);
        }
        for (int place = memory.active() - 1; place >= 0; place--) {
            if (searches[memory.window(place)].live().isEmpty()) {
                memory.retire(place);
            }
        }
    }

    /**
     * Finds when the tokens of texts are spoken, reading each once more.
     *
     * @param texts tokens of each window's text; null or none where it is of no interest
     * @return for each window the step at which each token begins and the last one ends; null where it had no text
     */
    int[][] times(int[][] texts) {
        int[][] steps = new int[windows.size()][];
        if (parts.spec.alignmentHeads().isEmpty()) {
            return steps;
        }
        keep(w -> texts[w] != null && texts[w].length > 0);
        int n = memory.active();
        if (n == 0) {
            return steps;
        }
        long[][] sequences = new long[n][];
        float[][][][] weights = new float[n][][][];
        int longest = 0;
        for (int place = 0; place < n; place++) {
            sequences[place] = sequence(memory.window(place), texts[memory.window(place)]);
            weights[place] = new float[sequences[place].length][][];
            longest = Math.max(longest, sequences[place].length);
        }
        int heads = parts.spec.alignmentHeads().size();
        int chunk = Math.max(1, MAX_WEIGHTS / (n * heads * memory.steps()));
        try (Past past = parts.network.begin(memory)) {
            for (int from = 0; from < longest; from += chunk) {
                int to = Math.min(longest, from + chunk);
                long[] tokens = new long[n * (to - from)];
                for (int place = 0; place < n; place++) {
                    for (int i = from; i < to; i++) {
                        boolean inside = i < sequences[place].length;
                        tokens[place * (to - from) + i - from] = inside ? sequences[place][i] : parts.spec.end();
                    }
                }
                Output out = past.step(tokens, identity(n), new Request(parts.openMask, 1, false, false, true));
                for (int place = 0; place < n; place++) {
                    take(out.alignment(), place, from, to, weights[place]);
                }
            }
        }
        for (int place = 0; place < n; place++) {
            int w = memory.window(place);
            steps[w] = AttentionTimes.steps(weights[place], sequences[place].length - texts[w].length - 2);
            weights[place] = null;
        }
        return steps;
    }

    private long[] sequence(int window, int[] text) {
        int[] task = task(window);
        long[] all = new long[2 + task.length + text.length];
        all[0] = parts.spec.start();
        for (int i = 0; i < task.length; i++) {
            all[1 + i] = task[i];
        }
        for (int i = 0; i < text.length; i++) {
            all[1 + task.length + i] = text[i];
        }
        all[all.length - 1] = parts.spec.end();
        return all;
    }

    /** Takes the weights of a window, as far as there is sound in it. */
    private void take(float[] alignment, int place, int from, int to, float[][][] weights) {
        EncodedWindow window = windows.get(memory.window(place));
        int steps = memory.steps();
        int own = Math.max(1, Math.min(window.steps(), (int) Math.ceil(window.seconds() / parts.stepSeconds)));
        int heads = parts.spec.alignmentHeads().size();
        for (int i = from; i < Math.min(to, weights.length); i++) {
            weights[i] = new float[heads][];
            for (int h = 0; h < heads; h++) {
                int at = ((place * (to - from) + i - from) * heads + h) * steps;
                weights[i][h] = Arrays.copyOfRange(alignment, at, at + own);
            }
        }
    }

    @Override
    public void close() {
        parts.network.release(memory);
    }
}
