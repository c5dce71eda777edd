package org.omniscribe.asr.decode;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.ModelException;

/**
 * A back-off n-gram model of words (Katz 1987): the probability of a word after the words before it.
 *
 * <p>Two file forms are read: ARPA text, exactly, and a compact binary form of this project (see {@link #write}). A
 * context is a state, an int, so that the words before need not be looked up again; immutable and thread-safe.
 *
 * <p>The n-grams are a trie in sorted arrays: level k holds the n-grams of k words, those with the same first k - 1
 * words side by side in order of the last.
 */
public final class LanguageModel {
    /** The word that stands for all that are not in the vocabulary. */
    public static final String UNKNOWN = "<unk>";

    /** The word before the first of a sentence. */
    public static final String START = "<s>";

    /** The word after the last of a sentence. */
    public static final String END = "</s>";

    /** What ARPA files write for probability zero, as a natural logarithm. */
    static final double IMPOSSIBLE = -99 * Math.log(10);

    /** The state that knows nothing of the words before. */
    static final int NO_CONTEXT = -1;

    /**
     * The n-grams of one length.
     *
     * @param word last word of each
     * @param logProb natural logarithm of its probability after the words before it
     * @param backOff natural logarithm of the weight of shorter contexts where this n-gram is the context; empty on the
     *     last level
     * @param begin where its continuations begin on the next level, with one more entry at the end; empty on the last
     *     level
     */
    public record Level(int[] word, float[] logProb, float[] backOff, int[] begin) {
        /** Number of n-grams. */
        public int size() {
            return word.length;
        }
    }

    private final List<String> words;
    private final Map<String, Integer> ids;
    private final Level[] levels;
    /** Number of the first n-gram of each level, where n-grams are numbered through all levels. */
    private final int[] offset;
    /** By level from the third on and below the last: the n-gram that is the longest proper suffix. */
    private final int[][] suffix;

    private final int unknown;
    private final int start;
    private final int end;

    /**
     * A model.
     *
     * @param words the vocabulary; level 1 has them in the same order
     * @param levels at least one
     * @throws IllegalArgumentException if the vocabulary lacks the sentence marks or repeats a word
     */
    public LanguageModel(List<String> words, List<Level> levels) {
        this.words = List.copyOf(words);
        this.levels = levels.toArray(Level[]::new);
        ids = new HashMap<>(words.size() * 2);
        for (int i = 0; i < words.size(); i++) {
            if (ids.put(words.get(i), i) != null) {
                throw new IllegalArgumentException("the word \"" + words.get(i) + "\" is there twice");
            }
        }
        if (!ids.containsKey(START) || !ids.containsKey(END)) {
            throw new IllegalArgumentException("the vocabulary lacks " + START + " or " + END);
        }
        unknown = ids.getOrDefault(UNKNOWN, -1);
        start = ids.get(START);
        end = ids.get(END);
        offset = new int[this.levels.length];
        for (int k = 1; k < offset.length; k++) {
            offset[k] = offset[k - 1] + this.levels[k - 1].size();
        }
        suffix = new int[this.levels.length][];
        for (int k = 2; k < this.levels.length - 1; k++) {
            suffix[k] = suffixes(k);
        }
    }

    private int[] suffixes(int k) {
        int[] links = new int[levels[k].size()];
        Level parents = levels[k - 1];
        for (int parent = 0; parent < parents.size(); parent++) {
            for (int i = parents.begin[parent]; i < parents.begin[parent + 1]; i++) {
                int context = suffix(offset[k - 1] + parent);
                int found;
                while ((found = find(context, levels[k].word[i])) < 0) {
                    context = suffix(context);
                }
                links[i] = found;
            }
        }
        return links;
    }

    /**
     * Reads a model, ARPA or binary as its first bytes tell.
     *
     * @throws ModelException if the file cannot be read or holds no language model
     */
    public static LanguageModel read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads a model, ARPA or binary as its first bytes tell.
     *
     * @param in read to its end, left open
     * @param name what messages call it
     * @throws IOException if the stream fails
     * @throws ModelException if it holds no language model; the message says where it goes wrong
     */
    public static LanguageModel read(InputStream in, String name) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(LanguageModelFile.MAGIC.length);
        boolean binary = Arrays.equals(buffered.readNBytes(LanguageModelFile.MAGIC.length), LanguageModelFile.MAGIC);
        buffered.reset();
        return binary ? LanguageModelFile.read(buffered, name) : new ArpaReader(buffered, name).read();
    }

    /**
     * Tells whether a file is a model in the binary form, by its first bytes.
     *
     * @throws ModelException if the file cannot be read
     */
    public static boolean isBinary(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(LanguageModelFile.MAGIC.length), LanguageModelFile.MAGIC);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ModelException unreadable(Path file, IOException e) {
        return new ModelException(
                "cannot read the language model " + file + " (" + FailureText.reason(e)
                        + "). Check the path and the right to read.",
                e);
    }

    /**
     * Writes the compact binary form: probabilities and back-off weights in 8 bits each, with a table of 256 values for
     * every level; words and counts as small differences; all of it deflated.
     *
     * @param out left open
     */
    public void write(OutputStream out) throws IOException {
        LanguageModelFile.write(this, out);
    }

    /** Words of the longest n-grams. */
    public int order() {
        return levels.length;
    }

    /** The vocabulary, the sentence marks and, if the model has one, the unknown word included. */
    public List<String> words() {
        return words;
    }

    /** Number of n-grams of a length, 1 to {@link #order()}. */
    public int size(int length) {
        return levels[length - 1].size();
    }

    /**
     * The n-grams of a length.
     *
     * @param length 1 to {@link #order()}
     * @return with the model's own arrays, which must not be changed
     */
    public Level level(int length) {
        return levels[length - 1];
    }

    /**
     * The number of a word.
     *
     * @return that of {@link #UNKNOWN} if the word is not in the vocabulary; -1 if the model does not have that either
     */
    public int id(String word) {
        return ids.getOrDefault(word, unknown);
    }

    /** The number of {@link #UNKNOWN}; -1 if the model does not have it. */
    public int unknown() {
        return unknown;
    }

    /** The number of {@link #END}. */
    public int end() {
        return end;
    }

    /** The state before the first word of a sentence. */
    public int startState() {
        return levels.length == 1 ? NO_CONTEXT : start;
    }

    /**
     * Natural logarithm of the probability of a word.
     *
     * @param state the words before, from {@link #startState} or {@link #nextState}
     * @param word number of the word; -1 is impossible, as far as ARPA's -99 goes
     */
    public double logProb(int state, int word) {
        if (word < 0) {
            return IMPOSSIBLE;
        }
        double weight = 0;
        int context = state;
        int found;
        while ((found = find(context, word)) < 0) {
            int k = levelOf(context);
            weight += levels[k].backOff[context - offset[k]];
            context = suffix(context);
        }
        int k = levelOf(found);
        return weight + levels[k].logProb[found - offset[k]];
    }

    /**
     * The state after a word.
     *
     * @param state the words before it
     * @param word number of the word; after -1 nothing is known
     */
    public int nextState(int state, int word) {
        if (word < 0 || levels.length == 1) {
            return NO_CONTEXT;
        }
        int context = levelOf(state) == levels.length - 1 ? suffix(state) : state;
        int found;
        while ((found = find(context, word)) < 0 || found >= offset[levels.length - 1]) {
            context = suffix(context);
        }
        return found;
    }

    /** Natural logarithm of the probability of a sentence with its end. */
    public double logProb(List<String> sentence) {
        double sum = 0;
        int state = startState();
        for (String word : sentence) {
            int id = id(word);
            sum += logProb(state, id);
            state = nextState(state, id);
        }
        return sum + logProb(state, end);
    }

    /** Natural logarithm of the probability of a word without context. */
    double unigram(int word) {
        return word < 0 ? IMPOSSIBLE : levels[0].logProb[word];
    }

    private int levelOf(int ngram) {
        int k = 0;
        while (k + 1 < offset.length && ngram >= offset[k + 1]) {
            k++;
        }
        return k;
    }

    private int suffix(int ngram) {
        int k = levelOf(ngram);
        return switch (k) {
            case 0 -> NO_CONTEXT;
            case 1 -> levels[1].word[ngram - offset[1]];
            default -> suffix[k][ngram - offset[k]];
        };
    }

    /** The n-gram of a context and a word, or a negative number. */
    private int find(int context, int word) {
        if (context == NO_CONTEXT) {
            return word;
        }
        int k = levelOf(context);
        int[] begin = levels[k].begin;
        int at = context - offset[k];
        int found = Arrays.binarySearch(levels[k + 1].word, begin[at], begin[at + 1], word);
        return found < 0 ? -1 : offset[k + 1] + found;
    }

    /** What every reader of n-grams checks before it makes a model; all faults at once. */
    static Faults faults(List<String> words, List<Level> levels) {
        Faults faults = new Faults();
        for (int k = 0; k < levels.size(); k++) {
            for (float p : levels.get(k).logProb()) {
                if (!(p <= 1e-4f)) {
                    faults.add("a probability of level " + (k + 1) + " is above 1: exp " + p);
                    break;
                }
            }
            for (int word : levels.get(k).word()) {
                if (word < 0 || word >= words.size()) {
                    faults.add("level " + (k + 1) + " has a word number " + word + ", there are " + words.size());
                    break;
                }
            }
        }
        return faults;
    }
}
