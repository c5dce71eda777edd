package org.omniscribe.export.lm;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.io.Faults;

/**
 * A language model that was just estimated, before it takes a file form.
 *
 * <p>Pruning takes away n-grams whose loss changes the model least: the relative entropy between the model with and
 * without the n-gram (Stolcke 1998), with the context's share of the text in place of its probability in the model, as
 * the lower orders of Kneser-Ney smoothing are no probabilities of the text (Chelba et al. 2010).
 */
public final class TrainedModel {
    static final double IMPOSSIBLE = -99 * Math.log(10);

    private static final int SEARCH_STEPS = 20;
    /** The share of the size that is allowed at which a search ends. */
    private static final double NEAR = 0.98;

    private final List<String> words;
    private final List<NGrams> levels;

    /**
     * A model of n-grams with all their figures.
     *
     * @param words the vocabulary
     * @param levels the n-grams of each length, with the context and the end of each; every word is a 1-gram
     */
    TrainedModel(List<String> words, List<NGrams> levels) {
        this.words = words;
        this.levels = levels;
    }

    /**
     * Trains a model.
     *
     * @param sentences normalised: words with single spaces between them, none empty
     * @param order words of the longest n-grams, 1 to 4
     * @param mostWords words in the vocabulary, the most frequent ones, 1 to 65533
     * @param leastCount how often a word must have been seen to be in the vocabulary, at least 1
     * @throws LanguageModelException if there is no sentence, or a number is out of its range
     */
    public static TrainedModel train(List<String> sentences, int order, int mostWords, int leastCount) {
        Faults faults = new Faults();
        if (sentences.isEmpty()) {
            faults.add("there is no sentence to train on");
        }
        checkRanges(faults, order, mostWords);
        if (leastCount < 1) {
            faults.add("words must be seen at least once, not " + leastCount + " times");
        }
        faults.orThrow(all -> new LanguageModelException("no language model can be trained: " + all));
        TrainingText text = TrainingText.of(sentences, mostWords, leastCount);
        return new TrainedModel(text.words(), KneserNey.estimate(text, order));
    }

    /** Checks an order and a size of the vocabulary that somebody asks for. */
    static void checkRanges(Faults faults, int order, int mostWords) {
        faults.range("order", order, 1, NGrams.MAX_ORDER);
        if (mostWords < 1 || mostWords > TrainingText.MAX_WORDS) {
            faults.add("the vocabulary must have from 1 to " + TrainingText.MAX_WORDS + " words, not " + mostWords);
        }
    }

    /** Words of the longest n-grams. */
    public int order() {
        return levels.size();
    }

    /** Words in the vocabulary, the three marks included. */
    public int vocabulary() {
        return words.size();
    }

    /** Number of n-grams of a length. */
    public int size(int length) {
        return levels.get(length - 1).size();
    }

    /**
     * This model with as few n-grams taken away as make its binary form fit, to about two parts in a hundred.
     *
     * @param bytes what the binary form may take
     * @throws LanguageModelException if the vocabulary alone is larger
     */
    public TrainedModel prunedTo(long bytes) {
        if (binary().length <= bytes) {
            return this;
        }
        List<double[]> losses = losses();
        double low = Math.log(1e-10);
        double high = Math.log(1e-2);
        TrainedModel best = pruned(losses, Math.exp(high));
        long size = best.binary().length;
        if (size > bytes) {
            throw new LanguageModelException("even without longer n-grams the language model takes " + size
                    + " bytes, more than " + bytes + "; allow more, or train with a smaller vocabulary");
        }
        for (int i = 0; i < SEARCH_STEPS && size < NEAR * bytes; i++) {
            double middle = (low + high) / 2;
            TrainedModel candidate = pruned(losses, Math.exp(middle));
            long candidateSize = candidate.binary().length;
            if (candidateSize <= bytes) {
                best = candidate;
                size = candidateSize;
                high = middle;
            } else {
                low = middle;
            }
        }
        return best;
    }

    /** How much the model changes if an n-gram is taken away, for all but single words, which stay. */
    private List<double[]> losses() {
        double tokens = 0;
        for (int c : levels.get(0).count) {
            tokens += c;
        }
        List<double[]> losses = new ArrayList<>();
        losses.add(new double[0]);
        for (int k = 1; k < levels.size(); k++) {
            losses.add(losses(levels.get(k), levels.get(k - 1), tokens));
        }
        return losses;
    }

    /**
     * This model without the n-grams that matter less than a threshold; contexts of n-grams that are kept, and ends of
     * them, stay, so that every part of an n-gram is an n-gram.
     *
     * @param threshold relative entropy, natural logarithms
     */
    TrainedModel pruned(double threshold) {
        return pruned(losses(), threshold);
    }

    private TrainedModel pruned(List<double[]> losses, double threshold) {
        List<NGrams> kept = new ArrayList<>(levels);
        for (int k = levels.size() - 1; k >= 1; k--) {
            NGrams level = levels.get(k);
            boolean[] keep = new boolean[level.size()];
            if (k + 1 < levels.size()) {
                NGrams longer = kept.get(k + 1);
                for (long key : longer.key) {
                    keep[level.find(NGrams.context(key))] = true;
                    keep[level.find(longer.suffix(key))] = true;
                }
            }
            for (int i = 0; i < keep.length; i++) {
                keep[i] |= losses.get(k)[i] > threshold;
            }
            kept.set(k, level.kept(keep));
        }
        kept.set(0, levels.get(0).kept(all(levels.get(0).size())));
        for (int k = 1; k < kept.size(); k++) {
            backOff(kept, k);
        }
        return new TrainedModel(words, kept);
    }

    private static boolean[] all(int size) {
        boolean[] all = new boolean[size];
        Arrays.fill(all, true);
        return all;
    }

    private static double[] losses(NGrams level, NGrams shorter, double tokens) {
        double[] loss = new double[level.size()];
        double[] shortP = new double[level.size()];
        for (int from = 0, to; from < level.size(); from = to) {
            long context = NGrams.context(level.key[from]);
            double explicit = 0;
            double below = 0;
            for (to = from; to < level.size() && NGrams.context(level.key[to]) == context; to++) {
                explicit += Math.exp(level.logProb[to]);
                shortP[to] = Math.exp(shorter.logProb[shorter.find(level.suffix(level.key[to]))]);
                below += shortP[to];
            }
            int parent = shorter.find(context);
            double share = shorter.count[parent] / tokens;
            double weight = shorter.backOff[parent];
            // Rounding must not make the masses that are left negative.
            double free = Math.max(1 - explicit, 1e-12);
            double freeBelow = Math.max(1 - below, 1e-12);
            for (int i = from; i < to; i++) {
                double p = Math.exp(level.logProb[i]);
                double newWeight = Math.log((free + p) / (freeBelow + shortP[i]));
                double change = p * (Math.log(shortP[i]) + newWeight - level.logProb[i]) + free * (newWeight - weight);
                loss[i] = -share * change;
            }
        }
        return loss;
    }

    /** What the n-grams of a level leave for shorter contexts, shared out among the words that they do not tell. */
    static void backOff(List<NGrams> levels, int k) {
        NGrams level = levels.get(k);
        NGrams shorter = levels.get(k - 1);
        Arrays.fill(shorter.backOff, 0);
        for (int from = 0, to; from < level.size(); from = to) {
            long context = NGrams.context(level.key[from]);
            double explicit = 0;
            double below = 0;
            for (to = from; to < level.size() && NGrams.context(level.key[to]) == context; to++) {
                explicit += Math.exp(level.logProb[to]);
                below += Math.exp(shorter.logProb[shorter.find(level.suffix(level.key[to]))]);
            }
            shorter.backOff[shorter.find(context)] =
                    Math.log(Math.max(1 - explicit, 1e-12) / Math.max(1 - below, 1e-12));
        }
    }

    /** The model as decoders use it, with all its precision. */
    public LanguageModel model() {
        List<LanguageModel.Level> tree = new ArrayList<>();
        for (NGrams level : levels) {
            int size = level.size();
            boolean last = level.length == levels.size();
            int[] word = new int[size];
            float[] logProb = new float[size];
            float[] backOff = new float[last ? 0 : size];
            for (int i = 0; i < size; i++) {
                word[i] = NGrams.last(level.key[i]);
                logProb[i] = (float) level.logProb[i];
                if (!last) {
                    backOff[i] = (float) level.backOff[i];
                }
            }
            if (level.length > 1) {
                NGrams shorter = levels.get(level.length - 2);
                int[] begin = tree.get(level.length - 2).begin();
                for (long key : level.key) {
                    begin[shorter.find(NGrams.context(key)) + 1]++;
                }
                Arrays.parallelPrefix(begin, Integer::sum);
            }
            tree.add(new LanguageModel.Level(word, logProb, backOff, new int[last ? 0 : size + 1]));
        }
        return new LanguageModel(words, tree);
    }

    /** The binary form, see {@link LanguageModel#write}. */
    public byte[] binary() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            model().write(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("memory can always be written", e);
        }
    }

    /** Writes the model as ARPA text; flushes and leaves the writer open. */
    public void writeArpa(Writer target) throws IOException {
        BufferedWriter out = new BufferedWriter(target, 1 << 16);
        out.write("\\data\\\n");
        for (NGrams level : levels) {
            out.write("ngram " + level.length + "=" + level.size() + "\n");
        }
        for (NGrams level : levels) {
            out.write("\n\\" + level.length + "-grams:\n");
            boolean last = level.length == levels.size();
            for (int i = 0; i < level.size(); i++) {
                out.write(number(level.logProb[i]));
                char mark = '\t';
                for (int position = 0; position < level.length; position++) {
                    out.write(mark);
                    out.write(words.get(level.word(level.key[i], position)));
                    mark = ' ';
                }
                if (!last) {
                    out.write("\t" + number(level.backOff[i]));
                }
                out.write('\n');
            }
        }
        out.write("\n\\end\\\n");
        out.flush();
    }

    private static String number(double logProb) {
        double log10 = Math.max(-99, logProb / Math.log(10));
        return log10 == -99 ? "-99" : Float.toString((float) log10);
    }
}
