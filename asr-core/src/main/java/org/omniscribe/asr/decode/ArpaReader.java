package org.omniscribe.asr.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.ModelException;

/** Reads ARPA files: any order up to 6, n-grams in any order, columns parted by tabs or spaces. */
final class ArpaReader {
    private static final int MAX_ORDER = 6;
    private static final int FIRST_ROOM = 1 << 12;
    private static final double LN_10 = Math.log(10);

    private final BufferedReader in;
    private final String name;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private int lineNumber;
    /** The line after the counts, which was read to see that they end. */
    private String unread;

    ArpaReader(InputStream in, String name) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        this.name = name;
    }

    /** The n-grams of a level as read: the first n - 1 words, as an n-gram of the level before, and the last. */
    private record Entries(long[] key, float[] logProb, float[] backOff) {
        Entries withRoom(int room) {
            return new Entries(Arrays.copyOf(key, room), Arrays.copyOf(logProb, room), Arrays.copyOf(backOff, room));
        }
    }

    LanguageModel read() throws IOException {
        List<Integer> sizes = header();
        List<LanguageModel.Level> levels = new ArrayList<>();
        for (int length = 1; length <= sizes.size(); length++) {
            levels.add(level(length, sizes, levels));
        }
        String last = line();
        if (last == null || !last.equals("\\end\\")) {
            throw fault("\\end\\ is missing");
        }
        Faults faults = LanguageModel.faults(words, levels);
        if (!faults.isEmpty()) {
            throw fault(faults.text());
        }
        try {
            return new LanguageModel(words, levels);
        } catch (IllegalArgumentException e) {
            throw fault(e.getMessage());
        }
    }

    private List<Integer> header() throws IOException {
        String line;
        do {
            line = line();
            if (line == null) {
                throw fault("there is no \\data\\ in it, so it is no ARPA file, nor is it the binary form");
            }
        } while (!line.equals("\\data\\"));
        List<Integer> sizes = new ArrayList<>();
        while ((line = line()) != null && line.startsWith("ngram ")) {
            String[] parts = line.substring(6).split("=");
            try {
                int length = Integer.parseInt(parts[0].trim());
                int size = Integer.parseInt(parts[1].trim());
                if (length != sizes.size() + 1 || length > MAX_ORDER || size < 0) {
                    throw fault("\"" + line + "\" is out of place; lengths run from 1 to at most " + MAX_ORDER);
                }
                sizes.add(size);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw fault("\"" + line + "\" is no count of n-grams");
            }
        }
        if (sizes.isEmpty()) {
            throw fault("it counts no n-grams");
        }
        unread = line;
        return sizes;
    }

    private LanguageModel.Level level(int length, List<Integer> sizes, List<LanguageModel.Level> shorter)
            throws IOException {
        String title = line();
        if (title == null || !title.equals("\\" + length + "-grams:")) {
            throw fault("\\" + length + "-grams: is missing");
        }
        int size = sizes.get(length - 1);
        boolean last = length == sizes.size();
        // The count in the header is believed only as far as there are lines.
        int room = Math.min(size, FIRST_ROOM);
        Entries entries = new Entries(new long[room], new float[room], new float[room]);
        for (int i = 0; i < size; i++) {
            String line = line();
            String[] column = line == null ? new String[0] : line.split("[ \t]+");
            if (column.length != length + 1 && column.length != length + 2) {
                throw fault("n-gram " + (i + 1) + " of " + size + " of length " + length + " is missing");
            }
            if (i == entries.key.length) {
                entries = entries.withRoom((int) Math.min(size, 2L * i));
            }
            try {
                entries.logProb[i] = (float) (Double.parseDouble(column[0]) * LN_10);
                entries.backOff[i] =
                        column.length == length + 2 ? (float) (Double.parseDouble(column[length + 1]) * LN_10) : 0;
            } catch (NumberFormatException e) {
                throw fault("\"" + line + "\" has something that is no number");
            }
            entries.key[i] = length == 1 ? newWord(column[1]) : key(column, length, shorter);
        }
        return sorted(entries, last, length == 1 ? null : shorter.get(length - 2));
    }

    private long newWord(String word) {
        if (ids.putIfAbsent(word, words.size()) != null) {
            throw fault("\"" + word + "\" is there twice");
        }
        words.add(word);
        return words.size() - 1;
    }

    private long key(String[] column, int length, List<LanguageModel.Level> shorter) {
        int parent = id(column[1]);
        for (int k = 2; k < length; k++) {
            LanguageModel.Level level = shorter.get(k - 1);
            int[] begin = shorter.get(k - 2).begin();
            parent = Arrays.binarySearch(level.word(), begin[parent], begin[parent + 1], id(column[k]));
            if (parent < 0) {
                throw fault("the words before \"" + column[length] + "\" are no n-gram of their own");
            }
        }
        return (long) parent << 32 | id(column[length]);
    }

    private int id(String word) {
        Integer id = ids.get(word);
        if (id == null) {
            throw fault("\"" + word + "\" is not among the 1-grams");
        }
        return id;
    }

    /** Sorts a level into its places in the trie, and tells the level before where its continuations begin. */
    private LanguageModel.Level sorted(Entries entries, boolean last, LanguageModel.Level before) {
        int size = entries.key.length;
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(entries.key[a], entries.key[b]));
        int[] word = new int[size];
        float[] logProb = new float[size];
        float[] backOff = new float[last ? 0 : size];
        for (int i = 0; i < size; i++) {
            int from = order[i];
            if (i > 0 && entries.key[from] == entries.key[order[i - 1]]) {
                throw fault("an n-gram that ends in \"" + words.get((int) entries.key[from]) + "\" is there twice");
            }
            word[i] = (int) entries.key[from];
            logProb[i] = entries.logProb[from];
            if (!last) {
                backOff[i] = entries.backOff[from];
            }
            if (before != null) {
                before.begin()[(int) (entries.key[from] >>> 32) + 1]++;
            }
        }
        if (before != null) {
            Arrays.parallelPrefix(before.begin(), Integer::sum);
        }
        return new LanguageModel.Level(word, logProb, backOff, new int[last ? 0 : size + 1]);
    }

    /** The next line that is not blank, without white space around it; null at the end. */
    private String line() throws IOException {
        if (unread != null) {
            String line = unread;
            unread = null;
            return line;
        }
        for (String line; (line = in.readLine()) != null; ) {
            lineNumber++;
            line = (lineNumber == 1 && line.startsWith("\ufeff") ? line.substring(1) : line).strip();
            if (!line.isEmpty()) {
                return line;
            }
        }
        return null;
    }

    private ModelException fault(String what) {
        return new ModelException("the language model " + name + " cannot be used: line " + lineNumber + ": " + what
                + ". Make or fetch the file again.");
    }
}
