package org.omniscribe.asr.decode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.TextFile;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;

/**
 * Finds phrases of a closed list, one after another, and nothing else: voice commands.
 *
 * <p>The search is exact: among all paths that write no phrase, one, or several in a row, it finds the likeliest (Viterbi
 * 1967, over a graph of the CTC states of all phrases that share their beginnings). Times and confidence are those of
 * {@link GreedyDecoder}, so that a low confidence shows speech that was none of the phrases. The log-probability is that of
 * the path. Immutable and thread-safe.
 */
public final class PhraseDecoder implements CtcDecoder {
    private static final int START = 0;

    private final Vocabulary vocabulary;
    private final WordTimes times;
    /** Token that each state has just written; the blank in the first. */
    private final int[] token;
    /** Whether something may end in the state: a phrase is whole, or none has begun. */
    private final boolean[] whole;
    /** {@code [state]}: the states before it, itself aside. */
    private final int[][] before;

    private record State(int node, int token) {}

    /**
     * Makes a decoder.
     *
     * @param vocabulary the tokens of the model
     * @param phrases words with spaces between them; capital letters count as small ones
     * @throws IllegalArgumentException if there is no phrase, or the tokens cannot spell some; all are named
     */
    public PhraseDecoder(Vocabulary vocabulary, List<String> phrases) {
        this.vocabulary = vocabulary;
        times = new WordTimes(vocabulary);
        List<Lexicon.Entry> entries = phrases.stream()
                .map(p -> p.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "))
                .filter(p -> !p.isEmpty())
                .distinct()
                .map(p -> new Lexicon.Entry(p, 0, 0))
                .toList();
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("there is no phrase");
        }
        Graph graph = new Graph(new Lexicon(entries));
        List<String> unspelled = entries.stream()
                .map(Lexicon.Entry::text)
                .filter(p -> !graph.spelled.contains(graph.node(p)))
                .toList();
        if (!unspelled.isEmpty()) {
            throw new IllegalArgumentException("the model's tokens cannot spell " + unspelled);
        }
        token = graph.states.stream().mapToInt(State::token).toArray();
        whole = new boolean[token.length];
        before = new int[token.length][];
        for (int s = 0; s < token.length; s++) {
            whole[s] = graph.ends(graph.states.get(s).node);
            before[s] = graph.before.get(s).stream().mapToInt(i -> i).toArray();
        }
    }

    /**
     * Reads phrases, one a line; blank lines and those that begin with {@code #} are skipped.
     *
     * @throws ModelException if the file cannot be read or has no phrase
     */
    public static List<String> read(Path file) {
        try {
            List<String> phrases = TextFile.lines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            if (phrases.isEmpty()) {
                throw new ModelException("there is no phrase in " + file + ". Write one a line.");
            }
            return phrases;
        } catch (IOException e) {
            throw new ModelException(
                    "cannot read the phrases " + file + " (" + FailureText.reason(e)
                            + "). Check the path; it is UTF-8.",
                    e);
        }
    }

    /** All ways to write phrases with the tokens: a place in the trie of phrases, and the token written last. */
    private final class Graph {
        final Lexicon lexicon;
        final Map<State, Integer> ids = new HashMap<>();
        final List<State> states = new ArrayList<>();
        final List<List<Integer>> before = new ArrayList<>();
        final Set<Integer> spelled = new HashSet<>();

        Graph(Lexicon lexicon) {
            this.lexicon = lexicon;
            id(new State(Lexicon.ROOT, Vocabulary.BLANK_ID));
            for (int s = 0; s < states.size(); s++) {
                for (int v = 1; v < vocabulary.size(); v++) {
                    for (int node : walk(states.get(s).node, v)) {
                        before.get(id(new State(node, v))).add(s);
                    }
                }
            }
        }

        private int id(State state) {
            return ids.computeIfAbsent(state, s -> {
                states.add(s);
                before.add(new ArrayList<>());
                spelled.add(s.node);
                return states.size() - 1;
            });
        }

        int node(String phrase) {
            int node = Lexicon.ROOT;
            for (int i = 0; i < phrase.length(); i++) {
                node = lexicon.next(node, phrase.charAt(i));
            }
            return node;
        }

        boolean ends(int node) {
            return node == Lexicon.ROOT || lexicon.word(node) != Lexicon.NONE;
        }

        /** Where a token leads: nowhere, on in a phrase, or, with a space where one is whole, before the next. */
        private List<Integer> walk(int from, int v) {
            List<Integer> nodes = List.of(from);
            for (char c : vocabulary.token(v).toLowerCase(Locale.ROOT).toCharArray()) {
                List<Integer> next = new ArrayList<>();
                for (int node : nodes) {
                    char letter = c == Vocabulary.WORD_MARK ? ' ' : c;
                    int on = lexicon.next(node, letter);
                    if (on != Lexicon.NONE) {
                        next.add(on);
                    }
                    if (letter == ' ' && ends(node)) {
                        next.add(Lexicon.ROOT);
                    }
                }
                nodes = next;
            }
            return nodes;
        }
    }

    @Override
    public Hypothesis decode(Emission emission) {
        float[][] logProbs = emission.logProbs();
        int states = token.length;
        // Of each state two: with the token last, and with a blank after it.
        float[] score = new float[2 * states];
        float[] next = new float[2 * states];
        int[][] from = new int[logProbs.length][2 * states];
        Arrays.fill(score, Float.NEGATIVE_INFINITY);
        score[2 * START + 1] = 0;
        for (int t = 0; t < logProbs.length; t++) {
            float[] row = logProbs[t];
            GreedyDecoder.best(vocabulary, row, t);
            for (int s = 0; s < states; s++) {
                int plain = 2 * s;
                int best = plain;
                for (int b : before[s]) {
                    if (score[2 * b + 1] > score[best]) {
                        best = 2 * b + 1;
                    }
                    if (token[b] != token[s] && score[2 * b] > score[best]) {
                        best = 2 * b;
                    }
                }
                from[t][plain] = best;
                next[plain] = s == START ? Float.NEGATIVE_INFINITY : score[best] + row[token[s]];
                int blank = score[plain] > score[plain + 1] ? plain : plain + 1;
                from[t][plain + 1] = blank;
                next[plain + 1] = score[blank] + row[Vocabulary.BLANK_ID];
            }
            float[] swap = score;
            score = next;
            next = swap;
        }
        int last = 2 * START + 1;
        for (int i = 0; i < score.length; i++) {
            if (whole[i / 2] && score[i] > score[last]) {
                last = i;
            }
        }
        return new Hypothesis(times.words(emission, runs(from, last)), score[last]);
    }

    private List<WordTimes.Run> runs(int[][] from, int last) {
        List<WordTimes.Run> runs = new ArrayList<>();
        int end = -1;
        int at = last;
        for (int t = from.length - 1; t >= 0; t--) {
            boolean plain = at % 2 == 0;
            if (plain && end < 0) {
                end = t + 1;
            }
            int previous = from[t][at];
            if (plain && previous != at) {
                runs.add(0, new WordTimes.Run(token[at / 2], t, end));
                end = -1;
            }
            at = previous;
        }
        return runs;
    }
}
