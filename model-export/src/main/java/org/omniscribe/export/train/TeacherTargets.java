package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.omniscribe.asr.token.ByteLevelTokenizer;

/**
 * What a teacher says of a text: at each place the likeliest tokens with their probabilities (sequence-level context,
 * word-level targets; Hinton et al. 2015, arXiv 1503.02531, at temperature 1, cut to the likeliest tokens).
 *
 * @param tokens prompt and text, as the decoder reads them
 * @param first index of the first token that has a distribution
 * @param likeliest {@code [tokens.length - first][count]} tokens, likeliest first
 * @param probabilities of those, {@code [tokens.length - first][count]}; each row sums to 1
 */
record TeacherTargets(int[] tokens, int first, int[][] likeliest, float[][] probabilities) {
    /** Tokens kept at each place; what is left out is about a hundredth of the probability. */
    static final int COUNT = 16;

    TeacherTargets {
        if (first < 1 || likeliest.length != tokens.length - first || probabilities.length != likeliest.length) {
            throw new IllegalArgumentException(
                    tokens.length + " tokens from " + first + " need as many distributions, not " + likeliest.length);
        }
    }

    /**
     * Splits what a decoder says of several texts.
     *
     * @param logProbs {@code [n, vocabulary]}, the places of each text in turn
     * @param tokens of each text
     * @param first index of the first token that has a distribution
     */
    static List<TeacherTargets> of(NDArray logProbs, int[][] tokens, int first) {
        int count = (int) Math.min(COUNT, logProbs.getShape().get(1));
        NDList top = JniUtils.topK((PtNDArray) logProbs, count, 1, true, true);
        float[] values = top.get(0).toFloatArray();
        long[] ids = top.get(1).toLongArray();
        List<TeacherTargets> targets = new ArrayList<>();
        int at = 0;
        for (int[] text : tokens) {
            int places = text.length - first;
            int[][] likeliest = new int[places][count];
            float[][] probabilities = new float[places][count];
            for (int u = 0; u < places; u++, at++) {
                for (int k = 0; k < count; k++) {
                    likeliest[u][k] = (int) ids[at * count + k];
                    probabilities[u][k] = (float) Math.exp(values[at * count + k]);
                }
                normalize(probabilities[u]);
            }
            targets.add(new TeacherTargets(text, first, likeliest, probabilities));
        }
        return targets;
    }

    /**
     * Puts the reference's words in the place of others, and keeps how words are written. At each place, a share of the
     * probability of every token that says something else than the reference goes to the reference's token. Punctuation,
     * digits and other cases of the same letters keep theirs, so that a reference without them does not teach the student
     * to drop them.
     *
     * @param share 0 for the teacher's own distributions, 1 for the reference's words alone
     * @param tokenizer of the tokens
     */
    TeacherTargets corrected(double share, ByteLevelTokenizer tokenizer) {
        int[][] ids = new int[likeliest.length][];
        float[][] corrected = new float[likeliest.length][];
        for (int u = 0; u < likeliest.length; u++) {
            int reference = tokens[first + u];
            ids[u] = likeliest[u].clone();
            corrected[u] = probabilities[u].clone();
            int place = ids[u].length - 1;
            for (int k = place; k >= 0; k--) {
                place = ids[u][k] == reference ? k : place;
            }
            float moved = 0;
            for (int k = 0; k < ids[u].length; k++) {
                if (k != place && !sameWord(tokenizer, ids[u][k], reference)) {
                    moved += (float) share * corrected[u][k];
                    corrected[u][k] -= (float) share * corrected[u][k];
                }
            }
            if (ids[u][place] != reference && moved > 0) {
                corrected[u][place] = 0;
                ids[u][place] = reference;
            }
            corrected[u][place] += moved;
            normalize(corrected[u]);
        }
        return new TeacherTargets(tokens, first, ids, corrected);
    }

    private static boolean sameWord(ByteLevelTokenizer tokenizer, int token, int reference) {
        if (tokenizer.special(token)) {
            return token == reference
                    || !tokenizer.special(reference)
                            && letters(tokenizer, reference).isEmpty();
        }
        String letters = letters(tokenizer, token);
        return letters.isEmpty() || !tokenizer.special(reference) && letters.equals(letters(tokenizer, reference));
    }

    private static String letters(ByteLevelTokenizer tokenizer, int token) {
        String text = tokenizer.decode(new int[] {token}, false);
        return text.replaceAll("[^\\p{L}\\p{M}\uFFFD]", "").toLowerCase(Locale.ROOT);
    }

    private static void normalize(float[] probabilities) {
        double sum = 0;
        for (float p : probabilities) {
            sum += p;
        }
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] /= (float) sum;
        }
    }

    /**
     * Cross-entropy of a student against teachers, summed over all places; its derivatives are those of the
     * Kullback–Leibler divergence, which is smaller by the teachers' own entropy.
     *
     * @param logProbs what the student says, {@code [n, vocabulary]}, the places of each text in turn
     * @param targets of each text
     * @return a single value, at least 0
     */
    static NDArray crossEntropy(NDArray logProbs, List<TeacherTargets> targets) {
        NDManager step = logProbs.getManager();
        int places = targets.stream().mapToInt(t -> t.likeliest.length).sum();
        int count = targets.get(0).likeliest[0].length;
        long[] index = new long[places * count];
        float[] weights = new float[places * count];
        int at = 0;
        for (TeacherTargets target : targets) {
            for (int u = 0; u < target.likeliest.length; u++) {
                for (int k = 0; k < count; k++, at++) {
                    index[at] = target.likeliest[u][k];
                    weights[at] = -target.probabilities[u][k];
                }
            }
        }
        Shape shape = new Shape(places, count);
        NDArray chosen = JniUtils.gather((PtNDArray) logProbs, Torch.array(step, index, shape), 1);
        return chosen.mul(Torch.array(step, weights, shape)).sum();
    }

    /** Entropy of the distributions, summed over all places, in nats: what {@link #crossEntropy} cannot get below. */
    double entropy() {
        double sum = 0;
        for (float[] row : probabilities) {
            for (float p : row) {
                sum -= p > 0 ? p * Math.log(p) : 0;
            }
        }
        return sum;
    }

    /** Number of places that have a distribution. */
    int places() {
        return likeliest.length;
    }

    /** All of it in bytes, for {@link #read}. */
    byte[] toBytes() {
        int count = likeliest.length == 0 ? 0 : likeliest[0].length;
        ByteBuffer bytes = ByteBuffer.allocate(12 + 4 * tokens.length + 8 * likeliest.length * count);
        bytes.putInt(tokens.length).putInt(first).putInt(count);
        for (int token : tokens) {
            bytes.putInt(token);
        }
        for (int u = 0; u < likeliest.length; u++) {
            for (int k = 0; k < count; k++) {
                bytes.putInt(likeliest[u][k]).putFloat(probabilities[u][k]);
            }
        }
        return bytes.array();
    }

    /** The inverse of {@link #toBytes}. */
    static TeacherTargets read(byte[] data) {
        ByteBuffer bytes = ByteBuffer.wrap(data);
        int[] tokens = new int[bytes.getInt()];
        int first = bytes.getInt();
        int count = bytes.getInt();
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = bytes.getInt();
        }
        int[][] likeliest = new int[tokens.length - first][count];
        float[][] probabilities = new float[tokens.length - first][count];
        for (int u = 0; u < likeliest.length; u++) {
            for (int k = 0; k < count; k++) {
                likeliest[u][k] = bytes.getInt();
                probabilities[u][k] = bytes.getFloat();
            }
        }
        return new TeacherTargets(tokens, first, likeliest, probabilities);
    }
}
