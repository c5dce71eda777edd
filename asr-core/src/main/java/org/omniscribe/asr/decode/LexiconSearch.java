package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.omniscribe.asr.model.Vocabulary;

/**
 * One search for the words of an emission of phones: hypotheses that walk the tree of pronunciations.
 *
 * <p>A hypothesis is a row of finished words and a node of the tree; it has the probability of all CTC paths that write
 * it, times what its words have earned, times what the best word at or below its node would earn. Of hypotheses at the
 * same node that the language model cannot tell apart any more only the best goes on; its rivals are remembered, so that
 * several texts can be given in the end.
 */
final class LexiconSearch {
    private static final int INITIAL = 1024;
    private static final int NONE = -1;
    /** Logarithm of the number of places for what words have earned. */
    private static final int PLACES = 14;
    /** How many rows of words are looked at for each that is wanted: different rivals may lead to the same words. */
    private static final int LOOKS = 20;

    private final SearchGraph graph;
    private final PronunciationTree tree;
    private final double[] factor;
    private final int beam;
    private final double tokenRange;
    /** What is this many times as likely as the best is given up. */
    private final double least;

    // Rows of finished words as a trie: each row but the empty one is another with one more word.
    private final KeyTable rows = new KeyTable(INITIAL);
    private int[] parent = new int[INITIAL];
    private int[] word = new int[INITIAL];
    /** Where in the tree the last word ended when that was likeliest, and the logarithm of how likely it was. */
    private int[] ending = new int[INITIAL];

    private double[] endingScore = new double[INITIAL];
    /** States of the language model and of the hot words. */
    private int[] state = new int[INITIAL];

    private int[] hot = new int[INITIAL];
    /** The rows that were dropped for this one, as a list through {@link #nextRival}. */
    private int[] firstRival = new int[INITIAL];

    private final KeyTable rivals = new KeyTable(INITIAL);
    private int[] rival = new int[INITIAL];
    private int[] nextRival = new int[INITIAL];
    /** Logarithm of the dropped row's share in the probability of the one it was dropped for. */
    private double[] rivalScore = new double[INITIAL];
    /** The step at which it was dropped with this share. */
    private int[] rivalStep = new int[INITIAL];

    // The hypotheses of this step, and those of the next in the order in which they come up.
    private int alive;
    private int[] node = new int[INITIAL];
    private int[] row = new int[INITIAL];
    private double[] blank = new double[INITIAL];
    private double[] plain = new double[INITIAL];
    private final KeyTable next = new KeyTable(INITIAL);
    private int[] nextNode = new int[INITIAL];
    private int[] nextRow = new int[INITIAL];
    private double[] nextBlank = new double[INITIAL];
    private double[] nextPlain = new double[INITIAL];
    /** The greatest probability among the next hypotheses so far, times what is given up. */
    private double threshold;

    // The nodes after the root that can be entered at this step, and by what a probability is multiplied there.
    private final int[] entry;
    private final double[] entryFactor;
    private int entries;
    private double greatestEntry;

    // What words earned that were asked for lately: most are asked for at several steps, and few are begun after.
    private final long[] askedFor = new long[1 << PLACES];
    private final double[] earned = new double[1 << PLACES];

    private final KeyTable distinct = new KeyTable(INITIAL);
    private int[] winner = new int[INITIAL];
    private double[] ranking = new double[INITIAL];
    /** Logarithm of what all probabilities were divided by. */
    private double scale;

    /** Steps so far. */
    private int now;

    LexiconSearch(SearchGraph graph, int beam, double scoreRange, double tokenRange) {
        this.graph = graph;
        this.tree = graph.tree();
        this.factor = graph.factor();
        this.beam = beam;
        this.tokenRange = tokenRange;
        this.least = Math.exp(-scoreRange);
        int first = tree.children[PronunciationTree.ROOT + 1] - tree.children[PronunciationTree.ROOT];
        entry = new int[first];
        entryFactor = new double[first];
    }

    /**
     * A text that was found.
     *
     * @param words numbers of its words
     * @param endings nodes of the tree where they end
     * @param score natural logarithm
     */
    record Found(int[] words, int[] endings, double score) {}

    /**
     * Searches.
     *
     * @param logProbs {@code [step][phone]}
     * @param n texts wanted at most
     * @return the best first, no two with the same words; at least one
     */
    List<Found> run(float[][] logProbs, int n) {
        rows.number(NONE);
        parent[0] = NONE;
        word[0] = NONE;
        state[0] = graph.startState();
        hot[0] = graph.startHot();
        firstRival[0] = NONE;
        alive = 1;
        node[0] = PronunciationTree.ROOT;
        blank[0] = 1;
        for (float[] phones : logProbs) {
            float best = phones[0];
            for (float p : phones) {
                best = Math.max(best, p);
            }
            double[] probability = new double[phones.length];
            boolean silent = true;
            for (int v = 0; v < phones.length; v++) {
                boolean kept = v == Vocabulary.BLANK_ID || phones[v] >= best - tokenRange;
                probability[v] = kept ? Math.exp(phones[v] - best) : 0;
                silent &= v == Vocabulary.BLANK_ID || !kept;
            }
            scale += best;
            now++;
            if (silent) {
                pass();
            } else {
                step(probability);
                choose();
            }
        }
        return best(n);
    }

    /** A step that can only be a blank: all hypotheses stay what and where they are. */
    private void pass() {
        for (int h = 0; h < alive; h++) {
            blank[h] += plain[h];
            plain[h] = 0;
        }
    }

    /** All that can follow the hypotheses; the best phone has probability one. */
    private void step(double[] probability) {
        next.clear();
        threshold = 0;
        enter(probability);
        for (int h = 0; h < alive; h++) {
            threshold = Math.max(threshold, (blank[h] + plain[h]) * probability[Vocabulary.BLANK_ID] * least);
            threshold = Math.max(threshold, plain[h] * probability[tree.phone[node[h]]] * least);
        }
        for (int h = 0; h < alive; h++) {
            int at = node[h];
            int last = tree.phone[at];
            double total = blank[h] + plain[h];
            if (total < threshold) {
                continue;
            }
            double stay = total * probability[Vocabulary.BLANK_ID];
            double repeat = at == PronunciationTree.ROOT ? 0 : plain[h] * probability[last];
            if (stay + repeat >= threshold) {
                arrive(at, row[h], stay, repeat);
            }
            for (int child = tree.children[at]; child < tree.children[at + 1]; child++) {
                int v = tree.phone[child];
                double arriving = (v == last ? blank[h] : total) * probability[v] * factor[child];
                if (arriving >= threshold && arriving > 0) {
                    arrive(child, row[h], 0, arriving);
                }
            }
            for (int w = tree.words[at]; w < tree.words[at + 1]; w++) {
                begin(h, tree.word[w]);
            }
        }
    }

    /** The words that can begin now: at most steps few phones are likely. */
    private void enter(double[] probability) {
        entries = 0;
        greatestEntry = 0;
        int end = tree.children[PronunciationTree.ROOT + 1];
        for (int child = tree.children[PronunciationTree.ROOT]; child < end; child++) {
            double entering = probability[tree.phone[child]] * factor[child];
            if (entering > 0) {
                entry[entries] = child;
                entryFactor[entries++] = entering;
                greatestEntry = Math.max(greatestEntry, entering);
            }
        }
    }

    private void arrive(int at, int words, double ofBlank, double ofPhone) {
        int count = next.size();
        int i = next.number((long) words << 32 | at);
        if (i == count) {
            if (i == nextNode.length) {
                nextNode = Arrays.copyOf(nextNode, 2 * i);
                nextRow = Arrays.copyOf(nextRow, 2 * i);
                nextBlank = Arrays.copyOf(nextBlank, 2 * i);
                nextPlain = Arrays.copyOf(nextPlain, 2 * i);
                winner = Arrays.copyOf(winner, 2 * i);
                ranking = Arrays.copyOf(ranking, 2 * i);
            }
            nextNode[i] = at;
            nextRow[i] = words;
            nextBlank[i] = ofBlank;
            nextPlain[i] = ofPhone;
        } else {
            nextBlank[i] += ofBlank;
            nextPlain[i] += ofPhone;
        }
        threshold = Math.max(threshold, (nextBlank[i] + nextPlain[i]) * least);
    }

    /** The row of a hypothesis with one more word, which ends where the hypothesis is. */
    private int finish(int h, int w) {
        int count = rows.size();
        int longer = rows.number((long) row[h] << 32 | w);
        if (longer == count) {
            if (longer == parent.length) {
                growRows();
            }
            parent[longer] = row[h];
            word[longer] = w;
            ending[longer] = node[h];
            endingScore[longer] = Double.NEGATIVE_INFINITY;
            state[longer] = graph.nextState(state[row[h]], w);
            hot[longer] = graph.nextHot(hot[row[h]], w);
            firstRival[longer] = NONE;
        }
        return longer;
    }

    private void growRows() {
        int size = 2 * parent.length;
        parent = Arrays.copyOf(parent, size);
        word = Arrays.copyOf(word, size);
        ending = Arrays.copyOf(ending, size);
        endingScore = Arrays.copyOf(endingScore, size);
        state = Arrays.copyOf(state, size);
        hot = Arrays.copyOf(hot, size);
        firstRival = Arrays.copyOf(firstRival, size);
    }

    /** Logarithm of what a word earns after a row. */
    private double earned(int words, int w) {
        long key = 1 + (((long) state[words] + 1 << 20 | hot[words]) << 20 | w);
        // Fibonacci hashing, as in KeyTable.
        int place = (int) (key * 0x9E3779B97F4A7C15L >>> Long.SIZE - PLACES);
        if (askedFor[place] != key) {
            askedFor[place] = key;
            earned[place] = graph.earned(state[words], hot[words], w);
        }
        return earned[place];
    }

    /** Finishes a hypothesis with a word, and begins the next one with every phone that is likely. */
    private void begin(int h, int w) {
        int at = node[h];
        double weight = Math.exp(earned(row[h], w) - tree.ahead[at]);
        double total = (blank[h] + plain[h]) * weight;
        if (total * greatestEntry < threshold) {
            return;
        }
        int finished = finish(h, w);
        double score = Math.log(total) + scale;
        if (score > endingScore[finished]) {
            endingScore[finished] = score;
            ending[finished] = at;
        }
        int last = tree.phone[at];
        for (int e = 0; e < entries; e++) {
            int child = entry[e];
            double arriving = (tree.phone[child] == last ? blank[h] * weight : total) * entryFactor[e];
            if (arriving >= threshold && arriving > 0) {
                arrive(child, finished, 0, arriving);
            }
        }
    }

    /** Keeps the best of the next hypotheses, and makes the greatest probability among them one. */
    private void choose() {
        distinct.clear();
        for (int i = 0; i < next.size(); i++) {
            double total = nextBlank[i] + nextPlain[i];
            if (total < threshold) {
                continue;
            }
            int words = nextRow[i];
            int known = distinct.size();
            int d = distinct.number(((long) nextNode[i] << 24 | state[words] + 1) << 20 | hot[words]);
            if (d == known) {
                winner[d] = i;
                ranking[d] = total;
            } else if (total > ranking[d]) {
                drop(nextRow[winner[d]], words, ranking[d] / total);
                winner[d] = i;
                ranking[d] = total;
            } else {
                drop(words, nextRow[winner[d]], total / ranking[d]);
            }
        }
        int count = distinct.size();
        double lowest = count > beam ? Ranking.greatest(ranking, count, beam) : 0;
        if (node.length < count) {
            node = new int[2 * count];
            row = new int[2 * count];
            blank = new double[2 * count];
            plain = new double[2 * count];
        }
        double greatest = threshold / least;
        alive = 0;
        for (int d = 0; d < count; d++) {
            int i = winner[d];
            if (nextBlank[i] + nextPlain[i] >= lowest) {
                node[alive] = nextNode[i];
                row[alive] = nextRow[i];
                blank[alive] = nextBlank[i] / greatest;
                plain[alive] = nextPlain[i] / greatest;
                alive++;
            }
        }
        scale += Math.log(greatest);
    }

    private void drop(int loser, int kept, double ratio) {
        int count = rivals.size();
        int r = rivals.number((long) kept << 32 | loser);
        double score = Math.log(ratio);
        if (r == count) {
            if (r == rival.length) {
                rival = Arrays.copyOf(rival, 2 * r);
                nextRival = Arrays.copyOf(nextRival, 2 * r);
                rivalScore = Arrays.copyOf(rivalScore, 2 * r);
                rivalStep = Arrays.copyOf(rivalStep, 2 * r);
            }
            rival[r] = loser;
            rivalScore[r] = score;
            rivalStep[r] = now;
            nextRival[r] = firstRival[kept];
            firstRival[kept] = r;
        } else if (score > rivalScore[r]) {
            rivalScore[r] = score;
            rivalStep[r] = now;
        }
    }

    /** Words after a row, of a text in the making. */
    private record Tail(int row, Tail next) {}

    /**
     * A text: a row, and the words of the tail after it. A row that stands in for another was dropped for it at a step;
     * of its own rivals only those count that had been dropped before, or a row that is longer than its rival by a word
     * could stand in for itself without end.
     */
    private record Text(double score, int row, Tail tail, int before) {}

    private List<Found> best(int n) {
        PriorityQueue<Text> queue = new PriorityQueue<>(Comparator.comparingDouble((Text t) -> -t.score));
        finished().forEach((words, score) -> queue.add(new Text(score, words, null, Integer.MAX_VALUE)));
        List<Found> found = new ArrayList<>();
        Set<List<Integer>> known = new HashSet<>();
        for (int looks = 0; looks < LOOKS * n && found.size() < n && !queue.isEmpty(); looks++) {
            Text text = queue.remove();
            List<Integer> path = path(text);
            List<Integer> spoken = path.stream().map(r -> word[r]).toList();
            int[] ends = path.stream().mapToInt(r -> ending[r]).toArray();
            if (leastSteps(ends) <= now && known.add(spoken)) {
                found.add(new Found(spoken.stream().mapToInt(w -> w).toArray(), ends, text.score));
            }
            Tail tail = text.tail;
            for (int r = text.row; parent[r] != NONE; r = parent[r]) {
                for (int other = firstRival[r]; other != NONE; other = nextRival[other]) {
                    if (rivalStep[other] < text.before) {
                        queue.add(new Text(text.score + rivalScore[other], rival[other], tail, rivalStep[other]));
                    }
                }
                tail = new Tail(r, tail);
            }
        }
        return found;
    }

    /**
     * The steps that words take at least. What a rival stood in for may have gone on from elsewhere, so that its words and
     * those behind them are too many.
     */
    private int leastSteps(int[] endings) {
        int steps = 0;
        int last = Vocabulary.BLANK_ID;
        for (int end : endings) {
            for (int phone : tree.phones(end)) {
                steps += phone == last ? 2 : 1;
                last = phone;
            }
        }
        return steps;
    }

    private List<Integer> path(Text text) {
        List<Integer> path = new ArrayList<>();
        for (int r = text.row; parent[r] != NONE; r = parent[r]) {
            path.add(r);
        }
        Collections.reverse(path);
        for (Tail tail = text.tail; tail != null; tail = tail.next) {
            path.add(tail.row);
        }
        return path;
    }

    /** The scores of the rows in the end. Where no word can end, the last, unfinished one is left out. */
    private Map<Integer, Double> finished() {
        Map<Integer, Double> scores = new HashMap<>();
        for (int h = 0; h < alive; h++) {
            double total = Math.log(blank[h] + plain[h]) + scale;
            int at = node[h];
            if (at == PronunciationTree.ROOT) {
                scores.merge(row[h], total + graph.end(state[row[h]]), LexiconSearch::sum);
            }
            for (int w = tree.words[at]; w < tree.words[at + 1]; w++) {
                int words = finish(h, tree.word[w]);
                double score = total + earned(row[h], tree.word[w]) - tree.ahead[at];
                if (score > endingScore[words]) {
                    endingScore[words] = score;
                    ending[words] = at;
                }
                scores.merge(words, score + graph.end(state[words]), LexiconSearch::sum);
            }
        }
        if (scores.isEmpty()) {
            for (int h = 0; h < alive; h++) {
                double score = Math.log(blank[h] + plain[h]) + scale - tree.ahead[node[h]];
                scores.merge(row[h], score + graph.end(state[row[h]]), Math::max);
            }
        }
        return scores;
    }

    private static double sum(double a, double b) {
        return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
    }
}
