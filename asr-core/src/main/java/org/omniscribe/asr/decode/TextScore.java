package org.omniscribe.asr.decode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.omniscribe.asr.model.Vocabulary;

/**
 * The probability that a CTC emission gives a text: the sum over all paths, and all ways to write it with the tokens.
 *
 * <p>The forward recursion of Graves et al. 2006, section 4.1, over the places between the letters of the text instead of
 * its tokens, so that pieces of any length may write it. A space at either end is allowed. Places and steps that are far
 * less likely than the likeliest are left out.
 *
 * <p>The texts that a search finds differ in few words. The first that is asked for is the yardstick; of each other one only
 * the words are gone through that no text before it began with and the first does not end with: the recursion over
 * their letters goes on from the probabilities of the words before them, step by step, and meets those of the words after
 * them, which were found in the same way from the other end. Not thread-safe.
 */
final class TextScore {
    /** The logarithm of the probability of a text that cannot be written. */
    static final double IMPOSSIBLE = -1e4;

    /** Of the likeliest place, and of the likeliest step for the end of a word: what is left out has less. */
    private static final double MIN_PLACE = 1e-15;

    private static final double MIN_STEP = 1e-20;
    /** What is less is nothing: arithmetic on subnormal numbers takes a processor a hundred times as long. */
    private static final double NOTHING = 1e-100;

    private static final char MARK = Vocabulary.WORD_MARK;
    private static final String SPACE = String.valueOf(MARK);

    private final Tokens tokens;
    private final float[][] logProbs;
    private final int steps;
    /** Logarithm of what the probabilities of each step are divided by. */
    private final double[] divisor;
    /** {@code [token][step]}: probabilities of the tokens that were needed, null for all others. */
    private double[][] columns;

    private final Map<String, Arcs> known = new HashMap<>();
    private final Prefix start = new Prefix();

    /** The first text that can be written; null before. */
    private List<String> first;
    /** What its last so many words are given, from the last step to the first; null before it is needed. */
    private Boundary[] after;

    /**
     * The tokens of a vocabulary.
     *
     * @param trie all but the blank
     * @param inWords whether none goes on from one word into the next
     */
    record Tokens(Lexicon trie, boolean inWords) {
        static Tokens of(Vocabulary vocabulary) {
            List<Lexicon.Entry> entries = IntStream.range(1, vocabulary.size())
                    .mapToObj(v -> new Lexicon.Entry(vocabulary.token(v).toLowerCase(Locale.ROOT), v, 0))
                    .toList();
            return new Tokens(
                    new Lexicon(entries),
                    entries.stream().allMatch(entry -> entry.text().lastIndexOf(MARK) <= 0));
        }
    }

    /**
     * Prepares an emission.
     *
     * @param tokens what it may write
     * @param logProbs {@code [step][token]}
     */
    TextScore(Tokens tokens, float[][] logProbs) {
        this.tokens = tokens;
        this.logProbs = logProbs;
        steps = logProbs.length;
        columns = new double[steps == 0 ? 0 : logProbs[0].length][];
        divisor = new double[steps];
        for (int t = 0; t < steps; t++) {
            float best = Float.NEGATIVE_INFINITY;
            for (float p : logProbs[t]) {
                best = Math.max(best, p);
            }
            divisor[t] = best;
        }
    }

    /**
     * Sums the paths that write words.
     *
     * @param words in small letters
     * @return natural logarithm, at least {@link #IMPOSSIBLE}
     */
    double of(List<String> words) {
        double divided = Arrays.stream(divisor).sum();
        if (first != null && tokens.inWords && !words.isEmpty()) {
            return Math.max(IMPOSSIBLE, shared(words) + divided);
        }
        double[] greatest = new double[steps];
        double sum = whole(words, greatest);
        if (first == null && sum > Double.NEGATIVE_INFINITY) {
            first = List.copyOf(words);
            for (int t = 0; t < steps; t++) {
                divisor[t] += Math.log(greatest[t]);
            }
            columns = new double[columns.length][];
        }
        return Math.max(IMPOSSIBLE, sum + divided);
    }

    /** Probabilities of a token, step by step. */
    private double[] column(int token) {
        if (columns[token] == null) {
            double[] column = new double[steps];
            for (int t = 0; t < steps; t++) {
                column[t] = Math.exp(logProbs[t][token] - divisor[t]);
            }
            columns[token] = column;
        }
        return columns[token];
    }

    private double[][] columns(Arcs arcs) {
        double[][] ofArc = new double[arcs.token.length][];
        for (int a = 0; a < ofArc.length; a++) {
            ofArc[a] = column(arcs.token[a]);
        }
        return ofArc;
    }

    /**
     * The logarithm of a text's probability over the divisors, by one recursion over all of it.
     *
     * @param greatest receives the greatest of all places after each step, over that of the step before
     */
    private double whole(List<String> words, double[] greatest) {
        Arcs arcs = Arcs.of(tokens.trie, SPACE + String.join(SPACE, words) + SPACE);
        double[][] ofArc = columns(arcs);
        double[] ofBlank = column(Vocabulary.BLANK_ID);
        int places = arcs.begin.length - 1;
        double[] written = new double[arcs.token.length];
        // Of each place, all that is there: a blank, or a token that ends there.
        double[] sum = new double[places];
        sum[0] = sum[1] = 1;
        int low = 0;
        int high = 1;
        double lost = 0;
        for (int t = 0; t < steps; t++) {
            int reach = Math.min(places - 1, high + tokens.trie.depth());
            double most = 0;
            for (int to = reach; to >= low; to--) {
                double total = sum[to] * ofBlank[t];
                for (int a = arcs.begin[to]; a < arcs.begin[to + 1]; a++) {
                    int from = arcs.from[a];
                    double arriving = written[a] + (from < low ? 0 : sum[from]);
                    if (arcs.same[a] >= 0 && from >= low) {
                        arriving -= written[arcs.same[a]];
                    }
                    double now = arriving * ofArc[a][t];
                    written[a] = now < NOTHING ? 0 : now;
                    total += written[a];
                }
                sum[to] = total;
                most = Math.max(most, total);
            }
            if (most <= 0) {
                return Double.NEGATIVE_INFINITY;
            }
            double least = most * MIN_PLACE;
            high = reach;
            while (sum[high] < least) {
                high--;
            }
            while (sum[low] < least) {
                low++;
            }
            for (int at = low; at <= reach; at++) {
                double factor = at > high ? 0 : 1 / most;
                sum[at] *= factor;
                for (int a = arcs.begin[at]; a < arcs.begin[at + 1]; a++) {
                    written[a] *= factor;
                }
            }
            greatest[t] = most;
            lost += Math.log(most);
        }
        double end = places - 1 <= high ? sum[places - 1] : 0;
        end += places - 2 >= low && places - 2 <= high ? sum[places - 2] : 0;
        return Math.log(end) + lost;
    }

    /** The same from what is known of other texts. */
    private double shared(List<String> words) {
        if (after == null) {
            after = new Boundary[first.size() + 1];
            after[0] = end();
            for (int n = 1; n < after.length; n++) {
                after[n] = next(after[n - 1], first.get(first.size() - n), true);
            }
        }
        int same = 0;
        while (same < Math.min(first.size(), words.size() - 1)
                && first.get(first.size() - 1 - same).equals(words.get(words.size() - 1 - same))) {
            same++;
        }
        Prefix prefix = start;
        for (String word : words.subList(0, words.size() - same)) {
            Prefix before = prefix;
            prefix = prefix.longer.computeIfAbsent(word, w -> new Prefix());
            if (prefix.boundary == null) {
                prefix.boundary = next(before == start ? null : before.boundary, word, false);
            }
        }
        return prefix.boundary.meet(after[same], steps);
    }

    /** Words that texts begin with. */
    private static final class Prefix {
        private final Map<String, Prefix> longer = new HashMap<>();
        private Boundary boundary;
    }

    /**
     * A place between words, step by step: how likely what has been gone through is to end there after so many steps.
     *
     * @param scale logarithm of what all values are multiplied by
     * @param from steps after which the first value is meant
     * @param sum after each step, all that is at the place
     * @param token the tokens that end there
     * @param written {@code [token][step]}: of the sum, what is in the token still
     */
    private record Boundary(double scale, int from, double[] sum, int[] token, double[][] written) {
        double sum(int t) {
            return t < from || t >= from + sum.length ? 0 : sum[t - from];
        }

        double[] written(int of) {
            for (int i = 0; i < token.length; i++) {
                if (token[i] == of) {
                    return written[i];
                }
            }
            return null;
        }

        /** Without the ends where next to nothing is, and with 1 for the greatest value. */
        Boundary trimmed(double greatest) {
            int begin = 0;
            int end = sum.length;
            while (begin < end - 1 && sum[begin] < greatest * MIN_STEP) {
                begin++;
            }
            while (end > begin + 1 && sum[end - 1] < greatest * MIN_STEP) {
                end--;
            }
            double[][] kept = new double[token.length][];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = part(written[i], begin, end, greatest);
            }
            return new Boundary(scale + Math.log(greatest), from + begin, part(sum, begin, end, greatest), token, kept);
        }

        private static double[] part(double[] values, int begin, int end, double divisor) {
            double[] part = Arrays.copyOfRange(values, begin, end);
            for (int i = 0; divisor > 0 && i < part.length; i++) {
                part[i] /= divisor;
            }
            return part;
        }

        /** The logarithm of the sum over all paths that come from this side to the place, and go on as the other side says. */
        double meet(Boundary other, int steps) {
            double total = 0;
            int begin = Math.max(from, steps - other.from - other.sum.length + 1);
            int end = Math.min(from + sum.length - 1, steps - other.from);
            for (int i = 0; i < token.length; i++) {
                double[] again = other.written(token[i]);
                for (int t = begin; t <= end; t++) {
                    int back = steps - t - other.from;
                    // The same token next to itself would be one.
                    double onwards = other.sum[back] - (again == null ? 0 : again[back]);
                    total += written[i][t - from] * onwards;
                }
            }
            // Differences of what is all but equal may be less than nothing.
            return total <= 0 ? Double.NEGATIVE_INFINITY : Math.log(total) + scale + other.scale;
        }
    }

    /** Before the text's end, where a space may be, from the last step backwards. */
    private Boundary end() {
        double[] ofBlank = column(Vocabulary.BLANK_ID);
        int space = tokens.trie.word(tokens.trie.next(Lexicon.ROOT, MARK));
        double[] sum = new double[steps + 1];
        double[] written = new double[steps + 1];
        double none = 1;
        sum[0] = 1;
        int n = 1;
        for (; n <= steps && sum[n - 1] >= MIN_STEP; n++) {
            int t = steps - n;
            written[n] = space == Lexicon.NONE ? 0 : (written[n - 1] + none) * column(space)[t];
            none *= ofBlank[t];
            sum[n] = sum[n - 1] * ofBlank[t] + written[n];
        }
        boolean any = space != Lexicon.NONE;
        return new Boundary(
                0,
                0,
                Arrays.copyOf(sum, n),
                any ? new int[] {space} : new int[0],
                any ? new double[][] {Arrays.copyOf(written, n)} : new double[0][]);
    }

    /**
     * The place after one more word.
     *
     * @param before the place before it; null if nothing is
     * @param backwards whether time and text run from the end to the beginning
     */
    private Boundary next(Boundary before, String word, boolean backwards) {
        Arcs arcs = known.computeIfAbsent(backwards ? word + SPACE : SPACE + word, text -> {
            Arcs of = Arcs.of(tokens.trie, SPACE + word);
            return backwards ? of.mirrored() : of;
        });
        int places = arcs.begin.length - 1;
        double[][] ofArc = columns(arcs);
        double[] ofBlank = column(Vocabulary.BLANK_ID);
        double[][] excluded = new double[arcs.token.length][];
        for (int a = 0; a < excluded.length; a++) {
            excluded[a] = arcs.from[a] > 0 || before == null ? null : before.written(arcs.token[a]);
        }
        int begin = before == null ? 0 : before.from;
        int until = before == null ? steps : begin + before.sum.length;
        int firstLast = arcs.begin[places - 1];
        int last = arcs.token.length - firstLast;
        double[] sum = new double[places];
        double[] written = new double[arcs.token.length];
        double[] out = new double[steps - begin + 1];
        double[][] outWritten = new double[last][steps - begin + 1];
        double peak = 0;
        sum[0] = before == null ? 1 : before.sum[0];
        sum[1] = before == null ? 1 : 0;
        int n = 1;
        for (int t = begin; t < steps; t++, n++) {
            int row = backwards ? steps - 1 - t : t;
            double most = 0;
            for (int to = places - 1; to > 0; to--) {
                double total = sum[to] * ofBlank[row];
                for (int a = arcs.begin[to]; a < arcs.begin[to + 1]; a++) {
                    double arriving = written[a] + sum[arcs.from[a]];
                    if (arcs.same[a] >= 0) {
                        arriving -= written[arcs.same[a]];
                    } else if (excluded[a] != null && t < until) {
                        arriving -= excluded[a][t - begin];
                    }
                    double now = arriving * ofArc[a][row];
                    written[a] = now < NOTHING ? 0 : now;
                    total += written[a];
                }
                sum[to] = total < NOTHING ? 0 : total;
                most = Math.max(most, total);
            }
            sum[0] = before == null ? sum[0] * ofBlank[row] : before.sum(t + 1);
            out[n] = sum[places - 1];
            for (int i = 0; i < last; i++) {
                outWritten[i][n] = written[firstLast + i];
            }
            peak = Math.max(peak, out[n]);
            if (Math.max(most, sum[0]) < peak * MIN_STEP) {
                n++;
                break;
            }
        }
        int[] lastTokens = Arrays.copyOfRange(arcs.token, firstLast, arcs.token.length);
        double scale = before == null ? 0 : before.scale;
        return new Boundary(scale, begin, Arrays.copyOf(out, n), lastTokens, outWritten).trimmed(peak);
    }

    /**
     * The tokens that write parts of a text, by the place where they end.
     *
     * @param begin the arcs that end at place p are {@code begin[p]} to {@code begin[p + 1] - 1}
     * @param from place where each begins
     * @param token its token
     * @param same the arc before it with the same token, from which a blank has to part it; or -1
     */
    private record Arcs(int[] begin, int[] from, int[] token, int[] same) {
        static Arcs of(Lexicon tokens, String text) {
            int[] begin = new int[text.length() + 2];
            int[] from = new int[2 * text.length()];
            int[] token = new int[2 * text.length()];
            int count = 0;
            // Place by place where they end: the tokens that end there begin at most the longest token before.
            for (int to = 1; to <= text.length(); to++) {
                begin[to] = count;
                for (int start = Math.max(0, to - tokens.depth()); start < to; start++) {
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
            return of(begin, Arrays.copyOf(from, count), Arrays.copyOf(token, count));
        }

        private static Arcs of(int[] begin, int[] from, int[] token) {
            int[] same = new int[token.length];
            for (int a = 0; a < same.length; a++) {
                same[a] = -1;
                for (int before = begin[from[a]]; before < begin[from[a] + 1]; before++) {
                    if (token[before] == token[a]) {
                        same[a] = before;
                    }
                }
            }
            return new Arcs(begin, from, token, same);
        }

        /** Those of the text from its end to its beginning. */
        Arcs mirrored() {
            int places = begin.length - 1;
            int[] turned = new int[begin.length];
            int[] turnedFrom = new int[from.length];
            int[] turnedToken = new int[token.length];
            int count = 0;
            for (int to = 1; to < places; to++) {
                turned[to] = count;
                for (int end = places - to; end < places; end++) {
                    for (int a = begin[end]; a < begin[end + 1]; a++) {
                        if (from[a] == places - 1 - to) {
                            turnedFrom[count] = places - 1 - end;
                            turnedToken[count++] = token[a];
                        }
                    }
                }
            }
            turned[places] = count;
            return of(turned, turnedFrom, turnedToken);
        }
    }
}
