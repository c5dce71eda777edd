package org.omniscribe.export.train;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Connectionist temporal classification (Graves et al. 2006): the negative log-probability of a token sequence, summed
 * over all its alignments, with its gradient. Exact, in log space, in double precision; utterances run in parallel.
 */
public final class CtcLoss {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private CtcLoss() {}

    /**
     * The loss of a batch.
     *
     * @param loss of each utterance, {@code -log P(target)}, at least 0; 0 where no alignment exists
     * @param gradient {@code [batch, step, token]} flattened: the derivative of the summed loss by the log-probabilities,
     *     which is minus the expected number of visits; 0 past an utterance's length and where no alignment exists
     * @param impossible whether an utterance has fewer steps than any alignment of its target needs
     */
    public record Result(double[] loss, float[] gradient, boolean[] impossible) {
        /** Sum over the batch. */
        public double total() {
            double total = 0;
            for (double l : loss) {
                total += l;
            }
            return total;
        }
    }

    /**
     * Computes the loss and its gradient.
     *
     * @param logProbs {@code [batch, step, token]} flattened, natural logarithms; token 0 is the blank
     * @param steps padded steps
     * @param tokens size of the vocabulary
     * @param lengths steps of each utterance
     * @param targets tokens of each utterance, none of them 0; null where they are not known, which adds nothing
     */
    public static Result compute(float[] logProbs, int steps, int tokens, int[] lengths, int[][] targets) {
        int batch = lengths.length;
        if (logProbs.length != batch * steps * tokens || targets.length != batch) {
            throw new IllegalArgumentException(
                    "logProbs holds " + logProbs.length + " values for " + batch + " utterances of " + steps
                            + " steps and " + tokens + " tokens, with " + targets.length + " targets");
        }
        double[] loss = new double[batch];
        float[] gradient = new float[logProbs.length];
        boolean[] impossible = new boolean[batch];
        IntStream.range(0, batch).parallel().forEach(b -> {
            if (targets[b] == null) {
                return;
            }
            int from = b * steps * tokens;
            double nll = utterance(logProbs, gradient, from, tokens, lengths[b], targets[b]);
            impossible[b] = Double.isInfinite(nll);
            loss[b] = impossible[b] ? 0 : nll;
        });
        return new Result(loss, gradient, impossible);
    }

    /** Steps that the shortest alignment of a target needs: its tokens and a blank between equal neighbours. */
    public static int shortest(int[] target) {
        int steps = target.length;
        for (int i = 1; i < target.length; i++) {
            if (target[i] == target[i - 1]) {
                steps++;
            }
        }
        return steps;
    }

    private static double utterance(
            float[] logProbs, float[] gradient, int from, int tokens, int length, int[] target) {
        if (shortest(target) > length) {
            return Double.POSITIVE_INFINITY;
        }
        if (length == 0) {
            return 0;
        }
        int states = 2 * target.length + 1;
        int[] label = new int[states];
        boolean[] skip = new boolean[states];
        for (int s = 1; s < states; s += 2) {
            label[s] = target[s / 2];
            skip[s] = s > 1 && label[s] != label[s - 2];
        }
        double[] alpha = forward(logProbs, from, tokens, length, label, skip);
        int last = (length - 1) * states;
        double total = states == 1 ? alpha[last] : add(alpha[last + states - 1], alpha[last + states - 2], NEVER);
        backward(logProbs, gradient, from, tokens, length, label, skip, alpha, total);
        return -total;
    }

    /** alpha[t, s]: log-probability of all beginnings that are in state s after step t. */
    private static double[] forward(float[] logProbs, int from, int tokens, int length, int[] label, boolean[] skip) {
        int states = label.length;
        double[] alpha = new double[length * states];
        Arrays.fill(alpha, NEVER);
        alpha[0] = logProbs[from];
        if (states > 1) {
            alpha[1] = logProbs[from + label[1]];
        }
        for (int t = 1; t < length; t++) {
            int row = t * states;
            int frame = from + t * tokens;
            // States outside this band are out of reach of the start or of the end.
            int low = Math.max(0, states - 2 * (length - t));
            int high = Math.min(states - 1, 2 * t + 1);
            for (int s = low; s <= high; s++) {
                double stay = alpha[row - states + s];
                double next = s > 0 ? alpha[row - states + s - 1] : NEVER;
                double jump = skip[s] ? alpha[row - states + s - 2] : NEVER;
                alpha[row + s] = add(stay, next, jump) + logProbs[frame + label[s]];
            }
        }
        return alpha;
    }

    /** Runs beta[s], log-probability of all endings from state s, back through time and collects the occupancies. */
    private static void backward(
            float[] logProbs,
            float[] gradient,
            int from,
            int tokens,
            int length,
            int[] label,
            boolean[] skip,
            double[] alpha,
            double total) {
        int states = label.length;
        double[] beta = new double[states + 2];
        double[] later = new double[states + 2];
        Arrays.fill(later, NEVER);
        Arrays.fill(beta, NEVER);
        for (int t = length - 1; t >= 0; t--) {
            int row = t * states;
            int frame = from + t * tokens;
            for (int s = states - 1; s >= 0; s--) {
                double b;
                if (t == length - 1) {
                    b = s >= states - 2 ? 0 : NEVER;
                } else {
                    double jump = s + 2 < states && skip[s + 2] ? later[s + 2] : NEVER;
                    b = add(later[s], later[s + 1], jump);
                }
                double a = alpha[row + s];
                if (a != NEVER && b != NEVER) {
                    gradient[frame + label[s]] -= (float) Math.exp(a + b - total);
                }
                beta[s] = b + logProbs[frame + label[s]];
            }
            double[] swap = later;
            later = beta;
            beta = swap;
        }
    }

    private static double add(double a, double b, double c) {
        double max = Math.max(a, Math.max(b, c));
        if (max == NEVER) {
            return NEVER;
        }
        double sum = 0;
        sum += a == max ? 1 : a == NEVER ? 0 : Math.exp(a - max);
        sum += b == max ? 1 : b == NEVER ? 0 : Math.exp(b - max);
        sum += c == max ? 1 : c == NEVER ? 0 : Math.exp(c - max);
        return sum == 1 ? max : max + Math.log(sum);
    }
}
