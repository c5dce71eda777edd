package org.omniscribe.asr.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.omniscribe.asr.model.Vocabulary;

/**
 * The probabilities that a CTC emission gives texts: sums over all paths, and all ways to write them with the tokens.
 *
 * <p>The forward recursion of Graves et al. 2006, section 4.1, over the places between the letters of a text instead of
 * its tokens, so that pieces of any length may write it. A space at either end is allowed. Places that are far less
 * likely than the likeliest of a step are left out.
 *
 * <p>Texts that are asked about together are mostly variants of one another. What a variant has in common with the first
 * text before and behind the words in which it differs is taken from the forward and backward variables of the first, so
 * that only those words cost anything.
 */
final class TextScore {
    /** The logarithm of the probability of a text that cannot be written. */
    static final double IMPOSSIBLE = -1e4;

    private static final double LEAST = 1e-10;
    /** What is less is nothing: arithmetic on subnormal numbers takes a processor a hundred times as long. */
    private static final double NOTHING = 1e-100;

    private static final int NONE = -1;
    private static final char MARK = Vocabulary.WORD_MARK;

    private final Lexicon tokens;
    private final boolean joinWords;
    private final int longest;
    private final double[][] probability;
    /** Sum of what the steps were divided by, as logarithms. */
    private final double scale;

    /**
     * The tokens of a vocabulary, for many emissions.
     *
     * @param joinWords whether a token goes on behind the end of a word; then texts have no parts in common that can be
     *     scored apart
     */
    record Tokens(Lexicon trie, boolean joinWords) {
        static Tokens of(Vocabulary vocabulary) {
            List<String> all = IntStream.range(1, vocabulary.size())
                    .mapToObj(v -> vocabulary.token(v).toLowerCase(Locale.ROOT))
                    .toList();
            return new Tokens(
                    new Lexicon(IntStream.range(0, all.size())
                            .mapToObj(i -> new Lexicon.Entry(all.get(i), i + 1, 0))
                            .toList()),
                    all.stream().anyMatch(token -> token.lastIndexOf(MARK) > 0));
        }
    }

    /**
     * Prepares an emission.
     *
     * @param tokens those of the text read-out
     * @param logProbs {@code [step][token]}
     */
    TextScore(Tokens tokens, float[][] logProbs) {
        this.tokens = tokens.trie;
        this.joinWords = tokens.joinWords;
        this.longest = this.tokens.depth();
        probability = new double[logProbs.length][];
        double divided = 0;
        for (int t = 0; t < logProbs.length; t++) {
            float best = Float.NEGATIVE_INFINITY;
            for (float p : logProbs[t]) {
                best = Math.max(best, p);
            }
            probability[t] = new double[logProbs[t].length];
            for (int v = 0; v < probability[t].length; v++) {
                probability[t][v] = Math.exp(logProbs[t][v] - best);
            }
            divided += best;
        }
        scale = divided;
    }

    /**
     * Sums the paths that write each of some texts.
     *
     * @param texts words in small letters; quickest if most are variants of the first
     * @return natural logarithms, at least {@link #IMPOSSIBLE}
     */
    double[] of(List<List<String>> texts) {
        Whole first = new Whole(texts.get(0));
        double[] scores = new double[texts.size()];
        scores[0] = first.score;
        for (int i = 1; i < scores.length; i++) {
            scores[i] = first.variant(texts.get(i));
        }
        return scores;
    }

    private static double logarithm(double sum, double divided) {
        return sum <= 0 ? IMPOSSIBLE : Math.max(IMPOSSIBLE, Math.log(sum) + divided);
    }

    private static double kept(double p) {
        return p < NOTHING ? 0 : p;
    }

    /** The recursions over all of a text. Times count the steps that are over: 0 is the beginning. */
    private final class Whole {
        private final List<String> words;
        private final double score;

        private final Arcs arcs;
        private final int places;
        /** The place before the mark of each word, and before the last mark. */
        private final int[] starts;
        /** What each step was divided by so that its likeliest place has probability one; and the sum of the logarithms. */
        private final double[] divisor = new double[probability.length];

        private double divided;
        /** {@code [word][time]}: the probability to be at the start of a word. */
        private final double[][] there;
        /** {@code [word][arc that ends at its start][time]}: the part of it that has just been written by an arc. */
        private final double[][][] just;
        /** {@code [word][arc from its start][time]}: to set out by that arc at that time and write the rest; made on demand. */
        private double[][][] rest;

        Whole(List<String> words) {
            this.words = words;
            String text = MARK + String.join(String.valueOf(MARK), words) + MARK;
            arcs = arcs(text);
            places = text.length() + 1;
            starts = new int[words.size() + 1];
            for (int w = 0; w < words.size(); w++) {
                starts[w + 1] = starts[w] + 1 + words.get(w).length();
            }
            there = new double[starts.length][probability.length + 1];
            just = new double[starts.length][][];
            for (int w = 0; w < starts.length; w++) {
                just[w] = new double[arcs.begin[starts[w] + 1] - arcs.begin[starts[w]]][probability.length + 1];
            }
            score = forward();
        }

        private double forward() {
            double[] written = new double[arcs.token.length];
            // Of each place, all that is there: a blank, or a token that ends there.
            double[] sum = new double[places];
            sum[0] = sum[1] = 1;
            int low = 0;
            int high = 1;
            there[0][0] = 1;
            for (int t = 0; t < probability.length; t++) {
                double[] row = probability[t];
                int reach = Math.min(places - 1, high + longest);
                double greatest = 0;
                for (int to = reach; to >= low; to--) {
                    double total = sum[to] * row[Vocabulary.BLANK_ID];
                    for (int a = arcs.begin[to]; a < arcs.begin[to + 1]; a++) {
                        int from = arcs.from[a];
                        double arriving = written[a] + (from < low ? 0 : sum[from]);
                        if (arcs.same[a] >= 0 && from >= low) {
                            arriving -= written[arcs.same[a]];
                        }
                        written[a] = kept(arriving * row[arcs.token[a]]);
                        total += written[a];
                    }
                    sum[to] = total;
                    greatest = Math.max(greatest, total);
                }
                if (greatest <= 0) {
                    return IMPOSSIBLE;
                }
                double least = greatest * LEAST;
                high = reach;
                while (sum[high] < least) {
                    high--;
                }
                while (sum[low] < least) {
                    low++;
                }
                for (int at = low; at <= reach; at++) {
                    double factor = at > high ? 0 : 1 / greatest;
                    sum[at] *= factor;
                    for (int a = arcs.begin[at]; a < arcs.begin[at + 1]; a++) {
                        written[a] *= factor;
                    }
                }
                divisor[t] = greatest;
                divided += Math.log(greatest);
                for (int w = 0; w < starts.length; w++) {
                    if (starts[w] >= low && starts[w] <= high) {
                        there[w][t + 1] = sum[starts[w]];
                        for (int k = 0; k < just[w].length; k++) {
                            just[w][k][t + 1] = written[arcs.begin[starts[w]] + k];
                        }
                    }
                }
            }
            double end = 0;
            for (int at = places - 2; at < places; at++) {
                end += at >= low && at <= high ? sum[at] : 0;
            }
            return logarithm(end, divided + scale);
        }

        /** The same from the end. */
        private void backward() {
            rest = new double[words.size()][][];
            for (int w = 0; w < rest.length; w++) {
                rest[w] = new double[arcs.outgoing[starts[w]].length][probability.length];
            }
            // At the time after the one at hand: to write the rest when a blank, or an arc, is what was written last.
            double[] afterBlank = new double[places];
            double[] afterArc = new double[arcs.token.length];
            int first = places - 2;
            int last = places - 1;
            for (int at = first; at <= last; at++) {
                afterBlank[at] = 1;
                Arrays.fill(afterArc, arcs.begin[at], arcs.begin[at + 1], 1);
            }
            double[] blank = new double[places];
            double[] arc = new double[arcs.token.length];
            double[] greatestAt = new double[places];
            // What the forward variables of the time and these together are divided by, less the score's, as a logarithm.
            double excess = 0;
            for (int t = probability.length - 1; t >= 0; t--) {
                double[] row = probability[t];
                excess -= Math.log(divisor[t]);
                double together = Math.exp(excess);
                for (int w = 0; w < rest.length; w++) {
                    int[] outgoing = arcs.outgoing[starts[w]];
                    for (int k = 0; k < outgoing.length; k++) {
                        rest[w][k][t] = row[arcs.token[outgoing[k]]] * afterArc[outgoing[k]] * together;
                    }
                }
                Arrays.fill(blank, 0);
                Arrays.fill(arc, 0);
                double greatest = 0;
                first = Math.max(0, first - longest);
                for (int at = first; at <= last; at++) {
                    double on = 0;
                    for (int a : arcs.outgoing[at]) {
                        on += row[arcs.token[a]] * afterArc[a];
                    }
                    double stay = row[Vocabulary.BLANK_ID] * afterBlank[at];
                    blank[at] = stay + on;
                    greatestAt[at] = blank[at];
                    for (int a = arcs.begin[at]; a < arcs.begin[at + 1]; a++) {
                        double again = row[arcs.token[a]] * afterArc[a];
                        double twice = arcs.next[a] < 0 ? 0 : row[arcs.token[a]] * afterArc[arcs.next[a]];
                        arc[a] = again + stay + Math.max(0, on - twice);
                        greatestAt[at] = Math.max(greatestAt[at], arc[a]);
                    }
                    greatest = Math.max(greatest, greatestAt[at]);
                }
                if (greatest <= 0) {
                    return;
                }
                for (int at = first; at <= last; at++) {
                    double factor = greatestAt[at] < greatest * LEAST ? 0 : 1 / greatest;
                    blank[at] *= factor;
                    for (int a = arcs.begin[at]; a < arcs.begin[at + 1]; a++) {
                        arc[a] *= factor;
                    }
                }
                while (greatestAt[first] < greatest * LEAST) {
                    first++;
                }
                while (greatestAt[last] < greatest * LEAST) {
                    last--;
                }
                excess += Math.log(greatest);
                double[] free = afterBlank;
                afterBlank = blank;
                blank = free;
                free = afterArc;
                afterArc = arc;
                arc = free;
            }
        }

        /** The score of another text. */
        double variant(List<String> others) {
            int shorter = Math.min(words.size(), others.size());
            int before = 0;
            while (before < shorter && words.get(before).equals(others.get(before))) {
                before++;
            }
            // A first word may lack its mark, so it is no end of another text.
            int most = Math.min(shorter - before, before == 0 ? others.size() - 1 : others.size());
            int behind = 0;
            while (behind < most
                    && words.get(words.size() - 1 - behind).equals(others.get(others.size() - 1 - behind))) {
                behind++;
            }
            if (before + behind == 0 || score <= IMPOSSIBLE || joinWords) {
                return new Whole(others).score;
            }
            if (behind > 0 && rest == null) {
                backward();
            }
            return between(before, others.subList(before, others.size() - behind), words.size() - behind);
        }

        /**
         * Sums the paths that write the first words of this text, others, and this text from a word on.
         *
         * @param before how many of the first words
         * @param others words that follow them
         * @param behind the word from which this text goes on; if there is none, the end
         */
        private double between(int before, List<String> others, int behind) {
            boolean atEnd = behind == words.size();
            StringBuilder text = new StringBuilder();
            others.forEach(word -> text.append(MARK).append(word));
            Arcs own = arcs(atEnd ? text.append(MARK).toString() : text.toString());
            int last = text.length();
            double[] sum = new double[last + 1];
            double[] written = new double[own.token.length];
            // What has been written by the same token does not set out by it again without a blank between.
            int[] sameBefore = new int[own.token.length];
            for (int a = 0; a < sameBefore.length; a++) {
                sameBefore[a] = before > 0 && own.from[a] == 0 ? ending(before, own.token[a]) : NONE;
            }
            int[] outgoing = atEnd ? new int[0] : arcs.outgoing[starts[behind]];
            int[] sameBehind = new int[outgoing.length];
            for (int k = 0; k < outgoing.length; k++) {
                int token = arcs.token[outgoing[k]];
                sameBehind[k] = last > 0 ? own.ending(last, token) : ending(before, token);
            }
            if (before == 0) {
                sum[0] = sum[1] = 1;
            }
            double total = 0;
            boolean alive = true;
            int until = atEnd ? probability.length : last(rest[behind]) + 1;
            for (int t = 0; t < until; t++) {
                if (before > 0) {
                    sum[0] = there[before][t];
                }
                if (sum[0] == 0 && !alive) {
                    continue;
                }
                for (int k = 0; k < outgoing.length; k++) {
                    double same =
                            sameBehind[k] < 0 ? 0 : last > 0 ? written[sameBehind[k]] : just[before][sameBehind[k]][t];
                    total += Math.max(0, sum[last] - same) * rest[behind][k][t];
                }
                double[] row = probability[t];
                double factor = 1 / divisor[t];
                double greatest = 0;
                for (int to = last; to > 0; to--) {
                    double here = sum[to] * row[Vocabulary.BLANK_ID];
                    for (int a = own.begin[to]; a < own.begin[to + 1]; a++) {
                        double same = own.same[a] >= 0
                                ? written[own.same[a]]
                                : sameBefore[a] >= 0 ? just[before][sameBefore[a]][t] : 0;
                        double arriving = written[a] + Math.max(0, sum[own.from[a]] - same);
                        written[a] = kept(arriving * row[own.token[a]] * factor);
                        here += written[a] / factor;
                    }
                    sum[to] = here * factor;
                    greatest = Math.max(greatest, sum[to]);
                }
                for (int to = 1; to <= last; to++) {
                    if (sum[to] < greatest * LEAST) {
                        sum[to] = 0;
                        Arrays.fill(written, own.begin[to], own.begin[to + 1], 0);
                    }
                }
                alive = greatest > 0;
                sum[0] *= row[Vocabulary.BLANK_ID] * factor;
            }
            if (atEnd) {
                total = sum[last] + (last > 1 ? sum[last - 1] : there[before][probability.length]);
            }
            return logarithm(total, divided + scale);
        }

        /** The last time at which there is anything; -1 if there never is. */
        private static int last(double[][] byArc) {
            int last = -1;
            for (double[] times : byArc) {
                for (int t = times.length - 1; t > last; t--) {
                    if (times[t] > 0) {
                        last = t;
                    }
                }
            }
            return last;
        }

        /** Which of the arcs that end at the start of a word has a token; or {@link #NONE}. */
        private int ending(int word, int token) {
            int arc = arcs.ending(starts[word], token);
            return arc < 0 ? NONE : arc - arcs.begin[starts[word]];
        }
    }

    /**
     * The tokens that write parts of a text, by the place where they end.
     *
     * @param begin the arcs that end at place p are {@code begin[p]} to {@code begin[p + 1] - 1}
     * @param from place where each begins
     * @param token its token
     * @param same the arc before it with the same token, from which a blank has to part it; or -1
     * @param next the arc for which it is that; or -1
     * @param outgoing by place, the arcs that begin there
     */
    private record Arcs(int[] begin, int[] from, int[] token, int[] same, int[] next, int[][] outgoing) {
        /** The arc that ends at a place and has a token; or {@link #NONE}. */
        int ending(int place, int wanted) {
            for (int a = begin[place]; a < begin[place + 1]; a++) {
                if (token[a] == wanted) {
                    return a;
                }
            }
            return NONE;
        }
    }

    private Arcs arcs(String text) {
        int[] begin = new int[text.length() + 2];
        int[] from = new int[2 * text.length()];
        int[] token = new int[2 * text.length()];
        int[] leaving = new int[text.length() + 1];
        int count = 0;
        // Place by place where they end: the tokens that end there begin at most the longest token before.
        for (int to = 1; to <= text.length(); to++) {
            begin[to] = count;
            for (int start = Math.max(0, to - longest); start < to; start++) {
                int node = Lexicon.ROOT;
                for (int i = start; i < to && node != Lexicon.NONE; i++) {
                    node = tokens.next(node, text.charAt(i));
                }
                int v = tokens.word(node);
                if (v != Lexicon.NONE) {
                    if (count == from.length) {
                        from = Arrays.copyOf(from, 2 * count);
                        token = Arrays.copyOf(token, 2 * count);
                    }
                    leaving[start]++;
                    from[count] = start;
                    token[count++] = v;
                }
            }
        }
        begin[text.length() + 1] = count;
        Arcs arcs = new Arcs(
                begin,
                Arrays.copyOf(from, count),
                Arrays.copyOf(token, count),
                new int[count],
                new int[count],
                new int[text.length() + 1][]);
        for (int at = 0; at <= text.length(); at++) {
            arcs.outgoing[at] = new int[leaving[at]];
        }
        Arrays.fill(arcs.next, NONE);
        for (int a = 0; a < count; a++) {
            arcs.outgoing[from[a]][--leaving[from[a]]] = a;
            arcs.same[a] = arcs.ending(from[a], token[a]);
            if (arcs.same[a] >= 0) {
                arcs.next[arcs.same[a]] = a;
            }
        }
        return arcs;
    }
}
