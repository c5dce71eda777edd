package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.transcript.Word;

/**
 * CTC prefix beam search: the likeliest text, not the likeliest path, with what a language model and hot words say of it.
 *
 * <p>A prefix is a row of tokens; it has the probability of all paths that write it (Hannun et al. 2014, algorithm 1).
 * Its score adds, for every word that is finished, the language model's weighted log-probability and the word bonus, and
 * for the word that has begun those of the likeliest word without context that begins so; that is exchanged for the
 * word's own when it ends. Words that are not in the language model's vocabulary share the probability of its unknown
 * word, made smaller by a penalty. Spaces beside spaces and at the edges write nothing. The end of the emission counts as
 * the end of a sentence.
 *
 * <p><b>Times</b> are those of the likeliest path that writes the text. <b>Confidence</b> is the model's probability that
 * the word is written where it was found, as {@link GreedyDecoder} has it (with a language model, its fourth root), times
 * the share that the hypotheses with the word in this place have among all that are left in the beam, each with the
 * exponential of its score. <b>Log-probability</b> of a hypothesis is its score, which may be above 0 with bonuses.
 *
 * <p>Fast by leaving out tokens that are e<sup>-5</sup> times as likely as the likeliest of a step, and by primitive
 * arrays: the prefixes are a trie, so that words are looked up once.
 */
public final class PrefixBeamDecoder implements CtcDecoder {
    private static final double TOKEN_RANGE = 5;
    private static final double SCORE_RANGE = 12;
    private static final int ROOT = 0;

    /**
     * Exponent of the acoustic confidence where a language model has its say, too: fitted on the dev sets to the lowest
     * calibration error, as words that the model chose are right far more often than the emission alone lets hope.
     */
    private static final double WITH_MODEL = 0.25;

    private final Vocabulary vocabulary;
    private final BeamSettings settings;
    private final LanguageModel model;
    private final Hotwords hotwords;
    private final boolean lexiconOnly;
    private final double tokenRange;
    private final double scoreRange;
    private final Lexicon lexicon;
    /** Text of each token in small letters, word marks as spaces. */
    private final String[] written;

    private final boolean[] space;
    private final WordTimes times;

    /** Without a language model: the likeliest text by the emission alone. */
    public PrefixBeamDecoder(Vocabulary vocabulary, int beam) {
        this(vocabulary, BeamSettings.STANDARD.withBeam(beam), Optional.empty(), Optional.empty(), false);
    }

    /**
     * Makes a decoder.
     *
     * @param vocabulary the tokens of the acoustic model
     * @param settings beam and weights
     * @param model the language model, if any; the weights do nothing without it
     * @param hotwords what is to be likelier, if anything
     * @param lexiconOnly whether words must be in the language model's vocabulary or among the hot words
     * @throws IllegalArgumentException if words must be in the vocabulary of a language model that is not there
     */
    public PrefixBeamDecoder(
            Vocabulary vocabulary,
            BeamSettings settings,
            Optional<LanguageModel> model,
            Optional<Hotwords> hotwords,
            boolean lexiconOnly) {
        this(vocabulary, settings, model, hotwords, lexiconOnly, TOKEN_RANGE, SCORE_RANGE);
    }

    PrefixBeamDecoder(
            Vocabulary vocabulary,
            BeamSettings settings,
            Optional<LanguageModel> model,
            Optional<Hotwords> hotwords,
            boolean lexiconOnly,
            double tokenRange,
            double scoreRange) {
        if (lexiconOnly && model.isEmpty()) {
            throw new IllegalArgumentException("words can only be held to a vocabulary with a language model");
        }
        this.vocabulary = vocabulary;
        this.settings = settings;
        this.model = model.orElse(null);
        this.hotwords = hotwords.orElse(null);
        this.lexiconOnly = lexiconOnly;
        this.tokenRange = tokenRange;
        this.scoreRange = scoreRange;
        lexicon = model.map(m -> new Lexicon(entries(m, hotwords))).orElse(null);
        written = vocabulary.tokens().stream()
                .map(t -> t.toLowerCase(Locale.ROOT).replace(Vocabulary.WORD_MARK, ' '))
                .toArray(String[]::new);
        space = new boolean[vocabulary.size()];
        for (int token : vocabulary.spaces()) {
            space[token] = true;
        }
        times = new WordTimes(vocabulary);
    }

    @Override
    public CtcDecoder withHotwords(ModelBundle bundle, Hotwords more) {
        return new PrefixBeamDecoder(
                vocabulary,
                settings,
                Optional.ofNullable(model),
                Optional.of(more.and(hotwords)),
                lexiconOnly,
                tokenRange,
                scoreRange);
    }

    /** The words of the model, and those of the hot words that it lacks, as unknown but welcome ones. */
    private static List<Lexicon.Entry> entries(LanguageModel model, Optional<Hotwords> hotwords) {
        List<Lexicon.Entry> entries = Lexicon.entries(model);
        Map<String, Lexicon.Entry> more = new HashMap<>();
        hotwords.ifPresent(h -> {
            for (Hotwords.Hotword phrase : h.phrases()) {
                for (String word : phrase.phrase().split(" ")) {
                    if (model.id(word) == model.unknown()) {
                        int unknown = Math.max(model.unknown(), 0);
                        more.put(word, new Lexicon.Entry(word, unknown, model.unigram(unknown)));
                    }
                }
            }
        });
        entries.addAll(more.values());
        return entries;
    }

    @Override
    public Hypothesis decode(Emission emission) {
        return nBest(emission, 1).get(0);
    }

    @Override
    public List<Hypothesis> nBest(Emission emission, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("at least one hypothesis must be wanted, not " + n);
        }
        List<Candidate> candidates = new Search(emission.logProbs()).run();
        List<Hypothesis> best = new ArrayList<>();
        for (Candidate candidate : candidates.subList(0, Math.min(n, candidates.size()))) {
            List<Word> words = times.words(emission, Alignment.of(emission.logProbs(), candidate.tokens));
            best.add(new Hypothesis(confident(words, candidate, candidates), candidate.score));
        }
        return best;
    }

    /** A text that the search ended with, its likeliest tokens and its score. */
    private record Candidate(String text, int[] tokens, double score) {
        String[] words() {
            return text.isEmpty() ? new String[0] : text.split(" ");
        }
    }

    /** Lowers the confidence of words that other hypotheses lack, by the share of those. */
    private List<Word> confident(List<Word> words, Candidate chosen, List<Candidate> all) {
        String[] own = chosen.words();
        if (own.length != words.size()) {
            throw new IllegalStateException("\"" + chosen.text + "\" was aligned as " + words);
        }
        double[] share = new double[own.length];
        double total = 0;
        double best = all.get(0).score;
        double exponent = model == null ? 1 : WITH_MODEL;
        for (Candidate other : all) {
            double weight = Math.exp(other.score - best);
            total += weight;
            boolean[] held = CommonWords.of(own, other.words());
            for (int i = 0; i < share.length; i++) {
                share[i] += held[i] ? weight : 0;
            }
        }
        List<Word> result = new ArrayList<>(words.size());
        for (int i = 0; i < share.length; i++) {
            Word w = words.get(i);
            double confidence = Math.pow(w.confidence(), exponent) * Math.min(1, share[i] / total);
            result.add(new Word(w.text(), w.start(), w.end(), confidence));
        }
        return result;
    }

    /** One search: the trie of prefixes, of which those in the beam are alive. */
    private final class Search {
        private final float[][] logProbs;
        private int nodes = 1;
        private int[] parent = new int[INITIAL];
        private int[] token = new int[INITIAL];
        private int[] firstChild = new int[INITIAL];
        private int[] sibling = new int[INITIAL];
        /** Language model and hot words for good, and what is lent for the word that has begun. */
        private double[] earned = new double[INITIAL];

        private double[] lent = new double[INITIAL];
        /** State of the language model after the words that are finished. */
        private int[] context = new int[INITIAL];
        /** Node of the lexicon for the word that has begun. */
        private int[] beginning = new int[INITIAL];

        private boolean[] inWord = new boolean[INITIAL];
        private int[] hot = new int[INITIAL];
        /** Probabilities of the prefix with a blank and without one at its end, in this step and the next. */
        private double[] blank = new double[INITIAL];

        private double[] plain = new double[INITIAL];
        private double[] nextBlank = new double[INITIAL];
        private double[] nextPlain = new double[INITIAL];
        private int[] touchedAt = new int[INITIAL];

        private int[] beam = {ROOT};
        private int alive = 1;
        private int[] touched = new int[INITIAL];
        private double[] score = new double[INITIAL];
        private double[] ranking = new double[INITIAL];
        private int touchedCount;
        /** Natural logarithm of what the probabilities were divided by. */
        private double scale;

        private static final int INITIAL = 1024;

        Search(float[][] logProbs) {
            this.logProbs = logProbs;
            blank[ROOT] = 1;
            context[ROOT] = model == null ? LanguageModel.NO_CONTEXT : model.startState();
            beginning[ROOT] = lexicon == null ? Lexicon.NONE : Lexicon.ROOT;
            hot[ROOT] = hotwords == null ? Hotwords.START : hotwords.next(Hotwords.START, ' ');
        }

        List<Candidate> run() {
            int[] kept = new int[vocabulary.size()];
            double[] probability = new double[vocabulary.size()];
            for (int t = 0; t < logProbs.length; t++) {
                float[] row = logProbs[t];
                int best = GreedyDecoder.best(vocabulary, row, t);
                int count = 0;
                for (int v = 1; v < row.length; v++) {
                    if (row[v] >= row[best] - tokenRange) {
                        kept[count] = v;
                        probability[count++] = Math.exp(row[v]);
                    }
                }
                step(t + 1, row, kept, probability, count);
                choose();
            }
            return candidates();
        }

        private void step(int stamp, float[] row, int[] kept, double[] probability, int count) {
            double blankProbability = Math.exp(row[Vocabulary.BLANK_ID]);
            touchedCount = 0;
            for (int b = 0; b < alive; b++) {
                int node = beam[b];
                double ofBlank = blank[node];
                double ofPlain = plain[node];
                double total = ofBlank + ofPlain;
                int last = token[node];
                touch(node, stamp);
                nextBlank[node] += total * blankProbability;
                if (node != ROOT) {
                    nextPlain[node] += ofPlain * Math.exp(row[last]);
                }
                for (int k = 0; k < count; k++) {
                    int v = kept[k];
                    double p = probability[k];
                    if (space[v] && (node == ROOT || space[last])) {
                        // A space after a space, or before all words, is not written: it stays the same prefix.
                        if (v != last) {
                            nextBlank[node] += total * p;
                        } else {
                            nextPlain[node] += ofBlank * p;
                        }
                        continue;
                    }
                    double arriving = v == last && node != ROOT ? ofBlank : total;
                    if (arriving > 0) {
                        int child = child(node, v);
                        if (earned[child] > Double.NEGATIVE_INFINITY) {
                            touch(child, stamp);
                            nextPlain[child] += arriving * p;
                        }
                    }
                }
            }
        }

        private void touch(int node, int stamp) {
            if (touchedAt[node] != stamp) {
                touchedAt[node] = stamp;
                nextBlank[node] = 0;
                nextPlain[node] = 0;
                if (touchedCount == touched.length) {
                    touched = Arrays.copyOf(touched, 2 * touchedCount);
                    score = Arrays.copyOf(score, 2 * touchedCount);
                    ranking = Arrays.copyOf(ranking, 2 * touchedCount);
                }
                touched[touchedCount++] = node;
            }
        }

        private int child(int node, int v) {
            for (int c = firstChild[node]; c != 0; c = sibling[c]) {
                if (token[c] == v) {
                    return c;
                }
            }
            if (nodes == parent.length) {
                grow();
            }
            int child = nodes++;
            parent[child] = node;
            token[child] = v;
            sibling[child] = firstChild[node];
            firstChild[node] = child;
            earned[child] = earned[node];
            context[child] = context[node];
            beginning[child] = beginning[node];
            inWord[child] = inWord[node];
            hot[child] = hot[node];
            write(child, written[v]);
            return child;
        }

        private void write(int node, String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean wasInWord = inWord[node];
                if (c == ' ') {
                    if (wasInWord) {
                        endWord(node);
                    }
                } else {
                    inWord[node] = true;
                    if (lexicon != null) {
                        beginning[node] = lexicon.next(beginning[node], c);
                        if (lexiconOnly && beginning[node] == Lexicon.NONE) {
                            earned[node] = Double.NEGATIVE_INFINITY;
                        }
                    }
                }
                if (hotwords != null && (c != ' ' || wasInWord)) {
                    hot[node] = hotwords.next(hot[node], c);
                    earned[node] += hotwords.reward(hot[node]);
                }
            }
            double ahead = 0;
            if (model != null && inWord[node]) {
                double best = beginning[node] == Lexicon.NONE
                        ? model.unigram(model.unknown()) + settings.unknownWord()
                        : lexicon.best(beginning[node]);
                ahead = settings.languageWeight() * best + settings.wordBonus();
            }
            lent[node] = ahead + (hotwords == null ? 0 : hotwords.lent(hot[node]));
        }

        private void endWord(int node) {
            inWord[node] = false;
            if (model == null) {
                return;
            }
            int word = lexicon.word(beginning[node]);
            beginning[node] = Lexicon.ROOT;
            if (word == Lexicon.NONE && lexiconOnly) {
                earned[node] = Double.NEGATIVE_INFINITY;
                return;
            }
            int id = word == Lexicon.NONE ? model.unknown() : word;
            double logProb = model.logProb(context[node], id) + (word == Lexicon.NONE ? settings.unknownWord() : 0);
            earned[node] += settings.languageWeight() * logProb + settings.wordBonus();
            context[node] = model.nextState(context[node], id);
        }

        /** Keeps the best of the prefixes that were touched, and makes the greatest probability among them one. */
        private void choose() {
            double best = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < touchedCount; i++) {
                int node = touched[i];
                score[i] = Math.log(nextBlank[node] + nextPlain[node]) + earned[node] + lent[node];
                best = Math.max(best, score[i]);
            }
            double least = best - scoreRange;
            if (touchedCount > settings.beam()) {
                System.arraycopy(score, 0, ranking, 0, touchedCount);
                least = Math.max(least, Ranking.greatest(ranking, touchedCount, settings.beam()));
            }
            if (beam.length < touchedCount) {
                beam = new int[2 * touchedCount];
            }
            alive = 0;
            double greatest = 0;
            for (int i = 0; i < touchedCount; i++) {
                if (score[i] >= least && score[i] > Double.NEGATIVE_INFINITY) {
                    int node = touched[i];
                    beam[alive++] = node;
                    greatest = Math.max(greatest, nextBlank[node] + nextPlain[node]);
                }
            }
            // Where words are held to a lexicon, every prefix may come to an end; then nothing was written.
            for (int b = 0; b < alive; b++) {
                int node = beam[b];
                blank[node] = nextBlank[node] / greatest;
                plain[node] = nextPlain[node] / greatest;
            }
            scale += Math.log(greatest);
        }

        private void grow() {
            int size = 2 * nodes;
            parent = Arrays.copyOf(parent, size);
            token = Arrays.copyOf(token, size);
            firstChild = Arrays.copyOf(firstChild, size);
            sibling = Arrays.copyOf(sibling, size);
            earned = Arrays.copyOf(earned, size);
            lent = Arrays.copyOf(lent, size);
            context = Arrays.copyOf(context, size);
            beginning = Arrays.copyOf(beginning, size);
            inWord = Arrays.copyOf(inWord, size);
            hot = Arrays.copyOf(hot, size);
            blank = Arrays.copyOf(blank, size);
            plain = Arrays.copyOf(plain, size);
            nextBlank = Arrays.copyOf(nextBlank, size);
            nextPlain = Arrays.copyOf(nextPlain, size);
            touchedAt = Arrays.copyOf(touchedAt, size);
        }

        /** The texts in the beam after the end of the last word and of the sentence, the best first. */
        private List<Candidate> candidates() {
            Map<String, Candidate> best = new HashMap<>();
            Map<String, Double> mass = new HashMap<>();
            Map<String, Double> weight = new HashMap<>();
            for (int b = 0; b < alive; b++) {
                double probability = blank[beam[b]] + plain[beam[b]];
                int node = lexiconOnly ? withoutUnfinishedWord(beam[b]) : beam[b];
                int[] tokens = tokens(node);
                String text = vocabulary.text(tokens);
                // The same text by other tokens has the same words, thus the same weight.
                weight.computeIfAbsent(text, t -> finished(node));
                mass.merge(text, probability, Double::sum);
                Candidate known = best.get(text);
                if (known == null || probability > known.score) {
                    best.put(text, new Candidate(text, tokens, probability));
                }
            }
            if (best.isEmpty()) {
                best.put("", new Candidate("", new int[0], 0));
                mass.put("", 1.0);
                weight.put("", 0.0);
            }
            return best.values().stream()
                    .map(c -> new Candidate(c.text, c.tokens, Math.log(mass.get(c.text)) + scale + weight.get(c.text)))
                    .sorted(Comparator.<Candidate>comparingDouble(c -> -c.score).thenComparing(c -> c.text))
                    .toList();
        }

        /** Where only words of the lexicon may be written, a beginning of one at the end is not. */
        private int withoutUnfinishedWord(int node) {
            int n = node;
            while (inWord[n] && lexicon.word(beginning[n]) == Lexicon.NONE) {
                n = parent[n];
            }
            return n;
        }

        /** What a prefix has earned once its last word and the sentence have ended. */
        private double finished(int node) {
            if (inWord[node]) {
                endWord(node);
                if (hotwords != null) {
                    earned[node] += hotwords.reward(hotwords.next(hot[node], ' '));
                }
            }
            return earned[node]
                    + (model == null ? 0 : settings.languageWeight() * model.logProb(context[node], model.end()));
        }

        private int[] tokens(int node) {
            int length = 0;
            for (int n = node; n != ROOT; n = parent[n]) {
                length++;
            }
            int[] tokens = new int[length];
            for (int n = node; n != ROOT; n = parent[n]) {
                tokens[--length] = token[n];
            }
            return tokens;
        }
    }
}
