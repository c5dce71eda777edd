package org.omniscribe.export.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.omniscribe.asr.decode.Pronunciations;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;

/** The phones that a network is trained to write for a text: of each word, its usual pronunciation. */
final class PhoneTargets {
    private final Pronunciations dictionary;
    private final Vocabulary vocabulary;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * Reads the pronunciations.
     *
     * @param file as {@link Pronunciations#read} takes it
     * @throws RecipeException if it cannot be read or has faults
     */
    PhoneTargets(Path file) {
        try {
            dictionary = Pronunciations.read(file);
        } catch (ModelException e) {
            throw new RecipeException("the recipe's phones: " + e.getMessage(), e);
        }
        TreeSet<String> phones = new TreeSet<>();
        dictionary.words().values().forEach(ways -> phones.addAll(ways.get(0)));
        List<String> tokens = new ArrayList<>(List.of(Vocabulary.BLANK));
        for (String phone : phones) {
            ids.put(phone, tokens.size());
            // The word mark keeps phones apart where they are written as text.
            tokens.add(Vocabulary.WORD_MARK + phone);
        }
        vocabulary = new Vocabulary(tokens);
    }

    /** The phones with their ids, in alphabetical order after the blank, each with a word mark before it. */
    Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * The phones of a text.
     *
     * @param text words with single spaces between them
     * @return null if the dictionary lacks one of the words
     */
    int[] encode(String text) {
        List<List<String>> words = new ArrayList<>();
        for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
            List<List<String>> ways = dictionary.of(word);
            if (ways.isEmpty()) {
                return null;
            }
            words.add(ways.get(0));
        }
        return words.stream().flatMap(Collection::stream).mapToInt(ids::get).toArray();
    }
}
