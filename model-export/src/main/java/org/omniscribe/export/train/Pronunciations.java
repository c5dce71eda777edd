package org.omniscribe.export.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.omniscribe.asr.model.Vocabulary;

/**
 * A pronunciation dictionary in the format of CMUdict: a line holds a word and its phones, {@code hello HH AH L OW};
 * further pronunciations of a word have lines of their own, the word as it is or as {@code hello(2)}. The first one of a
 * word is what a network is trained to write.
 */
public final class Pronunciations {
    private final Map<String, int[]> words;
    private final Vocabulary vocabulary;

    private Pronunciations(Map<String, int[]> words, Vocabulary vocabulary) {
        this.words = words;
        this.vocabulary = vocabulary;
    }

    /**
     * Reads a dictionary.
     *
     * @throws RecipeException if it cannot be read or holds no pronunciation
     */
    public static Pronunciations read(Path file) {
        Map<String, String[]> first = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.strip().split("\\s+", 2);
                if (fields.length == 2 && !fields[0].startsWith(";;;") && !fields[0].startsWith("#")) {
                    first.putIfAbsent(fields[0].replaceFirst("\\(\\d+\\)$", ""), fields[1].split("\\s+"));
                }
            }
        } catch (IOException e) {
            throw new RecipeException(
                    "the recipe's phones " + file + " cannot be read (" + e + "). Name a dictionary such as CMUdict.",
                    e);
        }
        if (first.isEmpty()) {
            throw new RecipeException(
                    "the recipe's phones " + file + " hold no pronunciation. Lines look like \"hello HH AH L OW\".");
        }
        TreeSet<String> phones = new TreeSet<>();
        first.values().forEach(p -> phones.addAll(List.of(p)));
        List<String> tokens = new ArrayList<>(List.of(Vocabulary.BLANK));
        // The word mark keeps phones apart where they are written as text.
        phones.forEach(phone -> tokens.add(Vocabulary.WORD_MARK + phone));
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 1; id < tokens.size(); id++) {
            ids.put(tokens.get(id).substring(1), id);
        }
        Map<String, int[]> words = new HashMap<>();
        first.forEach((word, p) -> {
            int[] encoded = new int[p.length];
            for (int i = 0; i < p.length; i++) {
                encoded[i] = ids.get(p[i]);
            }
            words.put(word, encoded);
        });
        return new Pronunciations(words, new Vocabulary(tokens));
    }

    /** The phones with their ids, in alphabetical order after the blank, each with a word mark before it. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * The phones of a text.
     *
     * @param text words with single spaces between them
     * @return null if the dictionary lacks one of the words
     */
    public int[] encode(String text) {
        List<int[]> parts = new ArrayList<>();
        int length = 0;
        for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
            int[] part = words.get(word);
            if (part == null) {
                return null;
            }
            parts.add(part);
            length += part.length;
        }
        int[] phones = new int[length];
        int at = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, phones, at, part.length);
            at += part.length;
        }
        return phones;
    }
}
