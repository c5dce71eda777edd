package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The texts of one window while they are being written: beam search with patience (Kasai et al. 2022), or sampling. As in
 * CTranslate2, on which faster-whisper runs, an end counts only among the {@code beam} best continuations of a step; in
 * OpenAI's code any counts that is better than the last one kept, so that poor short texts fill the list of finished ones
 * before the best text has ended. Not thread-safe.
 */
final class WindowSearch {
    private final int end;
    private final int beam;
    private final int wanted;
    private final int limit;
    private final double lengthPenalty;
    private final PhraseGain gain;
    private final double temperature;
    private final SplittableRandom random;
    private final List<Text> ended = new ArrayList<>();
    private List<Text> live = new ArrayList<>();
    private boolean cut;

    /**
     * @param end the token that ends a text
     * @param options beam, patience and length penalty
     * @param limit most tokens of a text
     * @param gain hot words; null for none
     * @param temperature of sampling; 0 to search
     * @param seed of sampling
     */
    WindowSearch(int end, AttentionOptions options, int limit, PhraseGain gain, double temperature, long seed) {
        this.end = end;
        this.beam = options.beam();
        this.limit = limit;
        this.lengthPenalty = options.lengthPenalty();
        this.gain = gain;
        this.temperature = temperature;
        this.random = new SplittableRandom(seed);
        wanted = temperature > 0 ? beam : Math.max(1, (int) Math.round(beam * options.patience()));
        live.add(Text.empty(gain == null ? null : gain.begin()));
    }

    /** Texts that go on; none when the search has ended. */
    List<Text> live() {
        return live;
    }

    /**
     * A row of the network's output.
     *
     * @param logProbs of the likeliest tokens in falling order, from {@code from} on
     * @param tokens the same of the tokens
     */
    record Lists(float[] logProbs, long[] tokens, int count) {}

    /**
     * Writes one more token.
     *
     * @param lists the top lists of all rows, in a row
     * @param row of the first text; the others follow. All live texts stand in the same row where {@code shared}
     * @param shared whether the texts have only one row, which is so at the start
     */
    void advance(Lists lists, int row, boolean shared) {
        List<Text> next = temperature > 0 ? sample(lists, row, shared) : search(lists, row);
        if (ended.size() >= wanted) {
            next = List.of();
        } else if (next.isEmpty() && ended.isEmpty()) {
            // Every way on is barred, so the texts end where they are.
            ended.addAll(live);
        } else if (!next.isEmpty() && next.get(0).length() >= limit) {
            for (Text text : next) {
                if (ended.size() < beam) {
                    ended.add(text);
                    cut = true;
                }
            }
            next = List.of();
        }
        live = next;
    }

    private List<Text> search(Lists lists, int row) {
        List<Text> candidates = new ArrayList<>();
        for (int j = 0; j < live.size(); j++) {
            Text text = live.get(j);
            Set<Integer> forbidden = forbidden(text);
            int from = (row + j) * lists.count;
            // Hot words may lift a token from far below.
            int left = gain == null ? beam + 1 : lists.count;
            for (int i = from; i < from + lists.count && left > 0; i++) {
                int token = (int) lists.tokens[i];
                if (!forbidden.contains(token) && lists.logProbs[i] > -1e20f) {
                    candidates.add(continued(text, token, lists.logProbs[i], row + j));
                    left--;
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Text::score).reversed());
        List<Text> next = new ArrayList<>();
        for (int rank = 0; rank < candidates.size() && (rank < beam || next.size() < beam); rank++) {
            Text candidate = candidates.get(rank);
            if (candidate.token() == end) {
                if (rank < beam) {
                    ended.add(withoutEnd(candidate));
                }
            } else if (next.size() < beam) {
                next.add(candidate);
            }
        }
        return next;
    }

    private static Set<Integer> forbidden(Text text) {
        if (text.length() < 2) {
            return Set.of();
        }
        Set<Integer> forbidden = new HashSet<>();
        LoopGuard.forbidden(text.tokens(), text.length(), forbidden::add);
        return forbidden;
    }

    private Text continued(Text text, int token, double logProb, int row) {
        PhraseGain.State state = null;
        if (gain != null) {
            state = token == end ? gain.end(text.gain()) : gain.next(text.gain(), token);
        }
        return new Text(token, text, text.length() + 1, text.logProb() + logProb, logProb, state, row);
    }

    /** An ended text has the probability of its end and the gain of its last word, but not the token. */
    private static Text withoutEnd(Text ended) {
        Text last = ended.before();
        return new Text(
                last.token(), last.before(), last.length(), ended.logProb(), last.tokenLogProb(), ended.gain(), 0);
    }

    private List<Text> sample(Lists lists, int row, boolean shared) {
        List<Text> next = new ArrayList<>();
        int texts = shared ? beam : live.size();
        for (int j = 0; j < texts; j++) {
            Text text = live.get(shared ? 0 : j);
            int at = shared ? row : row + j;
            int drawn = draw(lists, at * lists.count, forbidden(text));
            Text candidate = continued(text, (int) lists.tokens[drawn], lists.logProbs[drawn], at);
            if (candidate.token() == end) {
                ended.add(withoutEnd(candidate));
            } else {
                next.add(candidate);
            }
        }
        return next;
    }

    /** Draws a place of a top list, by the probabilities to the power of 1 / temperature. */
    private int draw(Lists lists, int from, Set<Integer> forbidden) {
        double[] weight = new double[lists.count];
        double sum = 0;
        for (int i = 0; i < lists.count; i++) {
            boolean no = forbidden.contains((int) lists.tokens[from + i]);
            weight[i] = no ? 0 : Math.exp((lists.logProbs[from + i] - lists.logProbs[from]) / temperature);
            sum += weight[i];
        }
        double left = random.nextDouble() * sum;
        int last = 0;
        for (int i = 0; i < lists.count; i++) {
            if (weight[i] > 0) {
                last = i;
                left -= weight[i];
                if (left < 0) {
                    break;
                }
            }
        }
        return from + last;
    }

    /** The finished texts by falling score. */
    List<Text> best() {
        List<Text> best = new ArrayList<>(ended);
        best.sort(Comparator.comparingDouble((Text t) -> t.normalised(lengthPenalty))
                .reversed());
        return best;
    }

    /** Whether texts were cut because they had grown too long. */
    boolean cut() {
        return cut;
    }
}
