package org.omniscribe.asr.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.omniscribe.asr.model.Vocabulary;

/**
 * The probability that a CTC emission gives a text: the sum over all paths, and all ways to write it with the tokens.
 *
 * <p>The forward recursion of Graves et al. 2006, section 4.1, over the places between the letters of the text instead of
 * its tokens, so that pieces of any length may write it. A space at either end is allowed. Places that are far less
 * likely than the likeliest of a step are left out.
 */
final class TextScore {
    /** The logarithm of the probability of a text that cannot be written. */
    static final double IMPOSSIBLE = -1e4;

    private static final double LEAST = 1e-10;
    /** What is less is nothing: arithmetic on subnormal numbers takes a processor a hundred times as long. */
    private static final double NOTHING = 1e-100;

    private static final char MARK = Vocabulary.WORD_MARK;

    private final Lexicon tokens;
    private final int longest;
    private final double[][] probability;
    /** Sum of what the steps were divided by, as logarithms. */
    private final double scale;

    /** The tokens of a vocabulary as a trie, for many emissions. */
    static Lexicon trie(Vocabulary vocabulary) {
        return new Lexicon(java.util.stream.IntStream.range(1, vocabulary.size())
                .mapToObj(v -> new Lexicon.Entry(vocabulary.token(v).toLowerCase(Locale.ROOT), v, 0))
                .toList());
    }

    /**
     * Prepares an emission.
     *
     * @param tokens from {@link #trie}
     * @param logProbs {@code [step][token]}
     */
    TextScore(Lexicon tokens, float[][] logProbs) {
        this.tokens = tokens;
        this.longest = tokens.depth();
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
     * Sums the paths that write words.
     *
     * @param words in small letters
     * @return natural logarithm, at least {@link #IMPOSSIBLE}
     */
    double of(List<String> words) {
        String text = MARK + String.join(String.valueOf(MARK), words) + MARK;
        int places = text.length() + 1;
        Arcs arcs = arcs(text);
        double[] written = new double[arcs.token.length];
        double[] blank = new double[places];
        // Of each place, all that is there: a blank, or a token that ends there.
        double[] sum = new double[places];
        blank[0] = blank[1] = sum[0] = sum[1] = 1;
        int low = 0;
        int high = 1;
        double lost = 0;
        for (double[] row : probability) {
            int reach = Math.min(places - 1, high + longest);
            double greatest = 0;
            for (int to = reach; to >= low; to--) {
                double total = blank[to] = sum[to] * row[Vocabulary.BLANK_ID];
                for (int a = arcs.begin[to]; a < arcs.begin[to + 1]; a++) {
                    int from = arcs.from[a];
                    double arriving = written[a] + (from < low ? 0 : sum[from]);
                    if (arcs.same[a] >= 0 && from >= low) {
                        arriving -= written[arcs.same[a]];
                    }
                    double now = arriving * row[arcs.token[a]];
                    written[a] = now < NOTHING ? 0 : now;
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
                blank[at] *= factor;
                for (int a = arcs.begin[at]; a < arcs.begin[at + 1]; a++) {
                    written[a] *= factor;
                }
            }
            lost += Math.log(greatest);
        }
        double end = places - 1 <= high ? sum[places - 1] : 0;
        end += places - 2 >= low && places - 2 <= high ? sum[places - 2] : 0;
        return end <= 0 ? IMPOSSIBLE : Math.max(IMPOSSIBLE, Math.log(end) + lost + scale);
    }

    /**
     * The tokens that write parts of a text, by the place where they end.
     *
     * @param begin the arcs that end at place p are {@code begin[p]} to {@code begin[p + 1] - 1}
     * @param from place where each begins
     * @param token its token
     * @param same the arc before it with the same token, from which a blank has to part it; or -1
     */
    private record Arcs(int[] begin, int[] from, int[] token, int[] same) {}

    private Arcs arcs(String text) {
        int[] begin = new int[text.length() + 2];
        int[] from = new int[2 * text.length()];
        int[] token = new int[2 * text.length()];
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
                    from[count] = start;
                    token[count++] = v;
                }
            }
        }
        begin[text.length() + 1] = count;
        int[] same = new int[count];
        for (int a = 0; a < count; a++) {
            same[a] = -1;
            for (int before = begin[from[a]]; before < begin[from[a] + 1]; before++) {
                if (token[before] == token[a]) {
                    same[a] = before;
                }
            }
        }
        return new Arcs(begin, Arrays.copyOf(from, count), Arrays.copyOf(token, count), same);
    }
}
