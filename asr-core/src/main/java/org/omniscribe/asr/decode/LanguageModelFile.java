package org.omniscribe.asr.decode;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.ModelException;

/**
 * The binary form of a {@link LanguageModel}.
 *
 * <p>After the magic bytes, deflated: order, number of words, the words; then for each level its size, a table of 256
 * probabilities and, but on the last level, one of 256 back-off weights; the number of continuations of every n-gram of
 * the level before; the last words, each as the difference to the one before it in the same context; and one byte a
 * probability and weight. Counts and differences are in groups of 7 bits, the lowest first.
 */
final class LanguageModelFile {
    static final byte[] MAGIC = {'O', 'S', 'L', 'M', '0', '0', '0', '1'};

    private static final int CODES = 256;
    private static final int MAX_WORDS = 1 << 22;
    private static final int MAX_ORDER = 6;

    private LanguageModelFile() {}

    static void write(LanguageModel model, OutputStream target) throws IOException {
        target.write(MAGIC);
        Deflater deflater = new Deflater();
        DeflaterOutputStream deflated = new DeflaterOutputStream(target, deflater, 1 << 16);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(deflated, 1 << 16));
        out.writeByte(model.order());
        writeNumber(out, model.words().size());
        for (String word : model.words()) {
            out.writeUTF(word);
        }
        for (int length = 1; length <= model.order(); length++) {
            LanguageModel.Level level = model.level(length);
            if (length > 1) {
                writeTree(out, model.level(length - 1).begin(), level.word());
            }
            writeCodes(out, level.logProb());
            if (length < model.order()) {
                writeCodes(out, level.backOff());
            }
        }
        out.flush();
        deflated.finish();
        deflater.end();
    }

    private static void writeTree(DataOutputStream out, int[] begin, int[] words) throws IOException {
        for (int i = 0; i + 1 < begin.length; i++) {
            writeNumber(out, begin[i + 1] - begin[i]);
        }
        for (int i = 0; i + 1 < begin.length; i++) {
            int before = -1;
            for (int j = begin[i]; j < begin[i + 1]; j++) {
                writeNumber(out, words[j] - before - 1);
                before = words[j];
            }
        }
    }

    private static void writeCodes(DataOutputStream out, float[] values) throws IOException {
        float[] table = table(values);
        for (float value : table) {
            out.writeFloat(value);
        }
        for (float value : values) {
            out.writeByte(nearest(table, value));
        }
    }

    /** Means of 256 equally large groups of the sorted values; the extremes of ARPA, 0 and -99, keep a value each. */
    static float[] table(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        int from = 0;
        int to = sorted.length;
        List<Float> codes = new ArrayList<>();
        while (from < to && sorted[from] < LanguageModel.IMPOSSIBLE / 2) {
            codes.add(sorted[from]);
            float same = sorted[from];
            while (from < to && sorted[from] == same) {
                from++;
            }
            if (codes.size() == CODES / 2) {
                break;
            }
        }
        int zeros = to;
        while (zeros > from && sorted[zeros - 1] == 0) {
            zeros--;
        }
        if (zeros < to) {
            codes.add(0f);
            to = zeros;
        }
        int groups = CODES - codes.size();
        for (int g = 0; g < groups && from < to; g++) {
            int begin = from + (int) ((long) (to - from) * g / groups);
            int end = from + (int) ((long) (to - from) * (g + 1) / groups);
            if (end > begin) {
                double sum = 0;
                for (int i = begin; i < end; i++) {
                    sum += sorted[i];
                }
                codes.add((float) (sum / (end - begin)));
            }
        }
        float[] table = new float[CODES];
        for (int i = 0; i < CODES; i++) {
            table[i] = codes.isEmpty() ? 0 : codes.get(Math.min(i, codes.size() - 1));
        }
        Arrays.sort(table);
        return table;
    }

    private static int nearest(float[] table, float value) {
        int at = Arrays.binarySearch(table, value);
        if (at >= 0) {
            return at;
        }
        int above = Math.min(-at - 1, table.length - 1);
        int below = Math.max(above - 1, 0);
        return value - table[below] < table[above] - value ? below : above;
    }

    /** Reads what {@link #write} wrote; the stream stands at the magic bytes. */
    static LanguageModel read(InputStream source, String name) throws IOException {
        source.readNBytes(MAGIC.length);
        DataInputStream in = new DataInputStream(new BufferedInputStream(new InflaterInputStream(source), 1 << 16));
        List<String> words = new ArrayList<>();
        List<LanguageModel.Level> levels = new ArrayList<>();
        try {
            int order = in.readUnsignedByte();
            int count = readNumber(in);
            if (order < 1 || order > MAX_ORDER || count > MAX_WORDS) {
                throw new IOException("order " + order + " with " + count + " words");
            }
            for (int i = 0; i < count; i++) {
                words.add(in.readUTF());
            }
            int[] word = new int[count];
            Arrays.setAll(word, i -> i);
            for (int length = 1; length <= order; length++) {
                if (length > 1) {
                    word = readTree(in, levels.get(length - 2).begin(), count);
                }
                boolean last = length == order;
                float[] logProb = readCodes(in, word.length);
                float[] backOff = last ? new float[0] : readCodes(in, word.length);
                levels.add(new LanguageModel.Level(word, logProb, backOff, new int[last ? 0 : word.length + 1]));
            }
            LanguageModel.faults(words, levels).orThrow();
            return new LanguageModel(words, levels);
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelException(
                    "the language model " + name + " is damaged (" + FailureText.reason(e)
                            + "). Make or fetch the file again.",
                    e);
        }
    }

    private static int[] readTree(DataInputStream in, int[] begin, int words) throws IOException {
        for (int i = 0; i + 1 < begin.length; i++) {
            int children = readNumber(in);
            if (children > words || begin[i] > Integer.MAX_VALUE / 16 - children) {
                throw new IOException("an n-gram with " + children + " continuations");
            }
            begin[i + 1] = begin[i] + children;
        }
        int[] word = new int[begin[begin.length - 1]];
        for (int i = 0; i + 1 < begin.length; i++) {
            int before = -1;
            for (int j = begin[i]; j < begin[i + 1]; j++) {
                before += readNumber(in) + 1;
                word[j] = before;
            }
        }
        return word;
    }

    private static float[] readCodes(DataInputStream in, int size) throws IOException {
        float[] table = new float[CODES];
        for (int i = 0; i < CODES; i++) {
            table[i] = in.readFloat();
        }
        byte[] codes = new byte[size];
        in.readFully(codes);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = table[codes[i] & 0xff];
        }
        return values;
    }

    private static void writeNumber(DataOutputStream out, int value) throws IOException {
        int rest = value;
        while (rest > 0x7f) {
            out.writeByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    private static int readNumber(DataInputStream in) throws IOException {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int b = in.readUnsignedByte();
            value |= (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new IOException("a number is too large");
    }
}
