package org.omniscribe.asr.decode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.ConfidenceMap;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.transcript.Word;

/**
 * CTC beam search for words by their sound: the phones of the second read-out, a dictionary of pronunciations and a
 * language model, and then what the text read-out says of the spelling.
 *
 * <p>English spelling is hard to learn from little speech, and a dictionary has it. The search walks the dictionary as a
 * tree of phones ({@link LexiconSearch}); the probability of a word is lent while it is being said, as that of the
 * likeliest word without context that begins so, and exchanged for the language model's when it ends. The best texts
 * then get what the text read-out gives them, all ways to write them summed up, times a weight; the two read-outs make
 * different mistakes.
 *
 * <p><b>Words</b> are only those that are in the dictionary and in the language model, or are hot words in the
 * dictionary. <b>Times</b> are those of the likeliest path that writes the phones. <b>Confidence</b> is made of
 * the share that the texts with the word in this place have among all that were found, and of how well its phones fit, as
 * {@link ConfidenceMap} says. <b>Log-probability</b> of a hypothesis is its score,
 * which may be above 0 with bonuses; texts that the search found far less likely than its best stand behind the others
 * whatever their score. Immutable and thread-safe.
 */
public final class LexiconDecoder implements CtcDecoder {
    private static final double PHONE_RANGE = 7;
    private static final double SCORE_RANGE = 11;

    /** Few phrases fit at all, and those that do not may still have to be told apart by a phone that is hardly there. */
    private static final int PHRASE_BEAM = 1000;

    private static final double PHRASE_PHONE_RANGE = 14;
    private static final double PHRASE_SCORE_RANGE = 14;

    /** How many texts the text read-out is asked about. */
    private static final int RESCORED = 50;
    /** It is not asked about a text that the search found this much less likely than the best. */
    private static final double RESCORED_RANGE = 4;

    private final Vocabulary phones;
    private final LexiconSettings settings;
    private final SearchGraph graph;
    private final double scoreRange;
    private final double phoneRange;
    private final TextScore.Tokens tokens;

    /**
     * Makes a decoder.
     *
     * @param vocabulary the tokens of the text read-out
     * @param phones the phones of the second read-out
     * @param pronunciations how words sound, in these phones
     * @param model the language model
     * @param settings beam and weights
     * @param hotwords what is to be likelier, if anything
     * @throws IllegalArgumentException if words have phones that the read-out lacks, or no word is in both the dictionary
     *     and the language model
     */
    public LexiconDecoder(
            Vocabulary vocabulary,
            Vocabulary phones,
            Pronunciations pronunciations,
            LanguageModel model,
            LexiconSettings settings,
            Optional<Hotwords> hotwords) {
        this(
                TextScore.Tokens.of(vocabulary),
                phones,
                settings,
                SearchGraph.ofWords(phones, pronunciations, model, settings, hotwords),
                SCORE_RANGE,
                PHONE_RANGE);
    }

    private LexiconDecoder(
            TextScore.Tokens tokens,
            Vocabulary phones,
            LexiconSettings settings,
            SearchGraph graph,
            double scoreRange,
            double phoneRange) {
        this.phones = phones;
        this.settings = settings;
        this.graph = graph;
        this.scoreRange = scoreRange;
        this.phoneRange = phoneRange;
        this.tokens = tokens;
    }

    /**
     * A decoder for nothing but some phrases, one after another, such as voice commands.
     *
     * @param vocabulary the tokens of the text read-out
     * @param phones the phones of the second read-out
     * @param pronunciations how words sound, in these phones
     * @param settings the weight of the text; the beam is made wide enough for the search to be all but exact
     * @param phrases words with spaces between them; capital letters count as small ones
     * @throws IllegalArgumentException if there is no phrase, or it cannot be told how one sounds
     */
    public static LexiconDecoder forPhrases(
            Vocabulary vocabulary,
            Vocabulary phones,
            Pronunciations pronunciations,
            LexiconSettings settings,
            List<String> phrases) {
        LexiconSettings wide = new LexiconSettings(
                Math.max(settings.beam(), PHRASE_BEAM), 0, 0, settings.textWeight(), settings.confidence());
        return new LexiconDecoder(
                TextScore.Tokens.of(vocabulary),
                phones,
                wide,
                SearchGraph.ofPhrases(phones, pronunciations, settings, phrases),
                PHRASE_SCORE_RANGE,
                PHRASE_PHONE_RANGE);
    }

    /** The dictionary is read again, as it is large and else of no use any more. */
    @Override
    public CtcDecoder withHotwords(ModelBundle bundle, Hotwords hotwords) {
        if (!graph.ofWords()) {
            return this;
        }
        String name = ModelBundle.LEXICON + " of model bundle " + bundle.location();
        byte[] lexicon = bundle.lexicon().orElseThrow();
        try {
            Pronunciations dictionary = Pronunciations.readCompressed(new ByteArrayInputStream(lexicon), name);
            SearchGraph other = graph.withHotwords(dictionary, hotwords);
            return new LexiconDecoder(tokens, phones, settings, other, scoreRange, phoneRange);
        } catch (IOException e) {
            throw new ModelException(name + " is damaged (" + FailureText.reason(e) + ")", e);
        }
    }

    @Override
    public Hypothesis decode(Emission emission) {
        return nBest(emission, 1).get(0);
    }

    /** A text with the score of both read-outs. */
    private record Candidate(List<String> words, LexiconSearch.Found found, double score) {}

    @Override
    public List<Hypothesis> nBest(Emission emission, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("at least one hypothesis must be wanted, not " + n);
        }
        if (emission.steps() == 0) {
            return List.of(new Hypothesis(List.of(), 0));
        }
        if (!emission.hasPhones()) {
            throw new ModelException("the model reads out no phones, so words cannot be found by their sound.");
        }
        float[][] logProbs = emission.phoneLogProbs();
        for (int step = 0; step < logProbs.length; step++) {
            GreedyDecoder.best(phones, logProbs[step], step);
        }
        List<LexiconSearch.Found> found =
                new LexiconSearch(graph, settings.beam(), scoreRange, phoneRange).run(logProbs, Math.max(n, RESCORED));
        int close = (int) found.stream()
                .filter(text -> text.score() >= found.get(0).score() - RESCORED_RANGE)
                .count();
        TextScore spelling = settings.textWeight() > 0 ? new TextScore(tokens, emission.logProbs()) : null;
        List<Candidate> likely = rescored(spelling, found.subList(0, close));
        // How many are wanted must not change which is the best.
        List<Candidate> candidates = new ArrayList<>(likely);
        candidates.addAll(rescored(spelling, found.subList(close, Math.max(close, Math.min(n, found.size())))));
        List<Hypothesis> best = new ArrayList<>();
        for (Candidate candidate : candidates.subList(0, Math.min(n, candidates.size()))) {
            best.add(new Hypothesis(words(emission, candidate, shares(candidate, likely)), candidate.score));
        }
        return best;
    }

    private List<Candidate> rescored(TextScore spelling, List<LexiconSearch.Found> texts) {
        return texts.stream()
                .map(found -> {
                    List<String> words = new ArrayList<>();
                    for (int word : found.words()) {
                        words.addAll(graph.words(word));
                    }
                    double spelled = spelling == null ? 0 : settings.textWeight() * spelling.of(words);
                    return new Candidate(words, found, found.score() + spelled);
                })
                .sorted(Comparator.comparingDouble((Candidate c) -> -c.score))
                .toList();
    }

    /** Of each word of a text, the share of the texts that have it in this place. */
    private static double[] shares(Candidate chosen, List<Candidate> all) {
        String[] own = chosen.words.toArray(String[]::new);
        double[] share = new double[own.length];
        double total = 0;
        for (Candidate other : all) {
            double weight = Math.exp(other.score - all.get(0).score);
            total += weight;
            boolean[] held = CommonWords.of(own, other.words.toArray(String[]::new));
            for (int i = 0; i < share.length; i++) {
                share[i] += held[i] ? weight : 0;
            }
        }
        for (int i = 0; i < share.length; i++) {
            share[i] = Math.min(1, share[i] / total);
        }
        return share;
    }

    private List<Word> words(Emission emission, Candidate candidate, double[] share) {
        LexiconSearch.Found found = candidate.found;
        int[][] spoken =
                Arrays.stream(found.endings()).mapToObj(graph.tree()::phones).toArray(int[][]::new);
        List<WordTimes.Run> runs = Alignment.of(
                emission.phoneLogProbs(),
                Arrays.stream(spoken).flatMapToInt(Arrays::stream).toArray());
        double seconds = emission.stepSeconds();
        List<Word> words = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < spoken.length; i++) {
            for (int length : graph.lengths(found.words()[i], spoken[i])) {
                List<WordTimes.Run> own = runs.subList(first, first + length);
                int w = words.size();
                words.add(new Word(
                        candidate.words.get(w),
                        own.get(0).from() * seconds,
                        own.get(length - 1).to() * seconds,
                        settings.confidence().of(share[w], fit(emission.phoneLogProbs(), own))));
                first += length;
            }
        }
        return words;
    }

    /** How much less likely the runs of a word are than the likeliest path, blanks between them included, by phone. */
    private static double fit(float[][] logProbs, List<WordTimes.Run> runs) {
        double gap = 0;
        int step = runs.get(0).from();
        for (WordTimes.Run run : runs) {
            for (; step < run.to(); step++) {
                float[] row = logProbs[step];
                float best = row[Vocabulary.BLANK_ID];
                for (float p : row) {
                    best = Math.max(best, p);
                }
                gap += row[step < run.from() ? Vocabulary.BLANK_ID : run.token()] - best;
            }
        }
        return gap / runs.size();
    }
}
