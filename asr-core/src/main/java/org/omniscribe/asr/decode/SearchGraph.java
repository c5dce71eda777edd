package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.Vocabulary;

/**
 * What a {@link LexiconSearch} walks: the tree of pronunciations, and what words earn. A word may be a whole phrase, of
 * several words with spaces between them. Immutable and thread-safe.
 */
final class SearchGraph {
    private static final int FAULTS_TOLD = 10;
    /** Ways to say a phrase, of all that its words' pronunciations make possible. */
    private static final int MAX_WAYS = 64;

    /** Null where nothing earns anything. */
    private final LanguageModel model;

    private final LexiconSettings settings;
    private final Hotwords hotwords;
    private final PronunciationTree tree;
    private final double[] factor;
    private final String[] texts;
    private final List<List<String>> words;
    /** The language model's number of each word. */
    private final int[] ids;
    /** How the words of phrases sound. */
    private final Map<String, List<List<String>>> ways;

    private final Vocabulary phones;

    /** A word or phrase for the tree. */
    private record Item(String text, int id, double worth, List<List<String>> ways) {}

    private SearchGraph(
            Vocabulary phones,
            LanguageModel model,
            LexiconSettings settings,
            Hotwords hotwords,
            List<Item> items,
            Map<String, List<List<String>>> ways) {
        this.phones = phones;
        this.model = model;
        this.settings = settings;
        this.hotwords = hotwords;
        this.ways = ways;
        texts = items.stream().map(Item::text).toArray(String[]::new);
        words = items.stream().map(item -> List.of(item.text.split(" "))).toList();
        ids = items.stream().mapToInt(Item::id).toArray();
        tree = new PronunciationTree(entries(phones, items));
        factor = new double[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
            double before = node == PronunciationTree.ROOT ? 0 : tree.ahead[node];
            for (int child = tree.children[node]; child < tree.children[node + 1]; child++) {
                factor[child] = Math.exp(tree.ahead[child] - before);
            }
        }
    }

    private static List<PronunciationTree.Entry> entries(Vocabulary phones, List<Item> items) {
        Map<String, Byte> known = new HashMap<>();
        for (int v = 1; v < phones.size(); v++) {
            known.put(name(phones, v), (byte) v);
        }
        Faults faults = new Faults();
        List<PronunciationTree.Entry> entries = new ArrayList<>();
        for (int w = 0; w < items.size(); w++) {
            Item item = items.get(w);
            for (List<String> way : item.ways) {
                byte[] row = new byte[way.size()];
                for (int i = 0; i < row.length; i++) {
                    Byte phone = known.get(way.get(i));
                    if (phone == null) {
                        faults.add("\"" + item.text + "\" has the phone " + way.get(i));
                    } else {
                        row[i] = phone;
                    }
                }
                entries.add(new PronunciationTree.Entry(row, w, item.worth));
            }
        }
        if (entries.isEmpty()) {
            faults.add("the language model has none of its words");
        }
        faults.orThrow(all -> new IllegalArgumentException(faults.text(FAULTS_TOLD)));
        return entries;
    }

    /** A phone as dictionaries have it. */
    private static String name(Vocabulary phones, int phone) {
        String token = phones.token(phone);
        return token.charAt(0) == Vocabulary.WORD_MARK ? token.substring(1) : token;
    }

    /**
     * The words that both the language model and the dictionary know, and those of the hot words; where the dictionary
     * lacks one, it is thought to sound like others that are spelled so.
     *
     * @throws IllegalArgumentException if a pronunciation has phones that are not in the vocabulary, or there is no word
     */
    static SearchGraph ofWords(
            Vocabulary phones,
            Pronunciations dictionary,
            LanguageModel model,
            LexiconSettings settings,
            Optional<Hotwords> hotwords) {
        Map<String, Double> loans = new HashMap<>();
        hotwords.ifPresent(h -> {
            for (Hotwords.Hotword phrase : h.phrases()) {
                String[] words = phrase.phrase().split(" ");
                for (String word : words) {
                    loans.merge(word, phrase.weight() / words.length, Math::max);
                }
            }
        });
        List<Item> items = new ArrayList<>();
        Map<String, List<List<String>>> heard = new LinkedHashMap<>(dictionary.words());
        heard.putAll(guessed(dictionary, loans.keySet()));
        heard.forEach((text, ways) -> {
            int id = model.id(text);
            if (id != model.unknown() || loans.containsKey(text)) {
                double worth = settings.languageWeight() * model.unigram(id)
                        + settings.wordBonus()
                        + loans.getOrDefault(text, 0.0);
                items.add(new Item(text, id, worth, ways));
            }
        });
        return new SearchGraph(phones, model, settings, hotwords.orElse(null), items, Map.of());
    }

    /** Whether it finds words of a language model, so that some may be likelier. */
    boolean ofWords() {
        return model != null;
    }

    /** As this one, with some words likelier besides those that already are. */
    SearchGraph withHotwords(Pronunciations dictionary, Hotwords more) {
        return ofWords(phones, dictionary, model, settings, Optional.of(more.and(hotwords)));
    }

    /**
     * Nothing but some phrases, one after another; words that the dictionary lacks are thought to sound like others that
     * are spelled so.
     *
     * @throws IllegalArgumentException as {@link #ofWords}, or if it cannot be told how a word might sound
     */
    static SearchGraph ofPhrases(
            Vocabulary phones, Pronunciations dictionary, LexiconSettings settings, List<String> phrases) {
        Set<String> plain = new TreeSet<>();
        for (String phrase : phrases) {
            plain.add(phrase.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
        }
        plain.remove("");
        Set<String> words = new TreeSet<>();
        plain.forEach(phrase -> words.addAll(List.of(phrase.split(" "))));
        Map<String, List<List<String>>> ways = new HashMap<>(guessed(dictionary, words));
        words.forEach(word -> {
            if (!dictionary.of(word).isEmpty()) {
                ways.put(word, dictionary.of(word));
            }
        });
        words.removeAll(ways.keySet());
        if (plain.isEmpty() || !words.isEmpty()) {
            throw new IllegalArgumentException(
                    plain.isEmpty() ? "there is no phrase" : "it cannot be told how these sound: " + words);
        }
        List<Item> items = new ArrayList<>();
        for (String phrase : plain) {
            List<List<String>> said = List.of(List.of());
            for (String word : phrase.split(" ")) {
                List<List<String>> longer = new ArrayList<>();
                for (List<String> way : ways.get(word)) {
                    for (List<String> begun : said) {
                        List<String> whole = new ArrayList<>(begun);
                        whole.addAll(way);
                        longer.add(whole);
                    }
                }
                said = longer.subList(0, Math.min(MAX_WAYS, longer.size()));
            }
            items.add(new Item(phrase, 0, 0, said));
        }
        return new SearchGraph(phones, null, settings, null, items, ways);
    }

    private static Map<String, List<List<String>>> guessed(Pronunciations dictionary, Set<String> words) {
        Set<String> lacking = new TreeSet<>(words);
        lacking.removeAll(dictionary.words().keySet());
        Map<String, List<List<String>>> guessed = new LinkedHashMap<>();
        if (!lacking.isEmpty()) {
            new LetterToSound(dictionary).pronounce(lacking).forEach((word, way) -> guessed.put(word, List.of(way)));
        }
        return guessed;
    }

    PronunciationTree tree() {
        return tree;
    }

    /** By what the probability of a hypothesis is multiplied on entering a node. */
    double[] factor() {
        return factor;
    }

    /** The words of a word that may be a phrase. */
    List<String> words(int word) {
        return words.get(word);
    }

    /**
     * How many phones each word of a phrase has.
     *
     * @param word its number
     * @param said how it was said
     */
    int[] lengths(int word, int[] said) {
        List<String> parts = words.get(word);
        int[] lengths = new int[parts.size()];
        if (parts.size() == 1) {
            lengths[0] = said.length;
        } else {
            List<String> names =
                    Arrays.stream(said).mapToObj(v -> name(phones, v)).toList();
            fit(parts, 0, names, lengths);
        }
        return lengths;
    }

    private boolean fit(List<String> parts, int part, List<String> said, int[] lengths) {
        if (part == parts.size()) {
            return said.isEmpty();
        }
        for (List<String> way : ways.get(parts.get(part))) {
            lengths[part] = way.size();
            if (way.size() <= said.size()
                    && said.subList(0, way.size()).equals(way)
                    && fit(parts, part + 1, said.subList(way.size(), said.size()), lengths)) {
                return true;
            }
        }
        return false;
    }

    int startState() {
        return model == null ? LanguageModel.NO_CONTEXT : model.startState();
    }

    int nextState(int state, int word) {
        return model == null ? state : model.nextState(state, ids[word]);
    }

    int startHot() {
        return hotwords == null ? Hotwords.START : hotwords.next(Hotwords.START, ' ');
    }

    int nextHot(int hot, int word) {
        if (hotwords == null) {
            return Hotwords.START;
        }
        int at = hot;
        for (int i = 0; i < texts[word].length(); i++) {
            at = hotwords.next(at, texts[word].charAt(i));
        }
        return hotwords.next(at, ' ');
    }

    /** Natural logarithm of what a word earns after others. */
    double earned(int state, int hot, int word) {
        if (model == null) {
            return 0;
        }
        double score = settings.languageWeight() * model.logProb(state, ids[word]) + settings.wordBonus();
        if (hotwords != null) {
            int at = hot;
            for (int i = 0; i <= texts[word].length(); i++) {
                at = hotwords.next(at, i < texts[word].length() ? texts[word].charAt(i) : ' ');
                score += hotwords.reward(at);
            }
            score += hotwords.lent(at) - hotwords.lent(hot);
        }
        return score;
    }

    /** Natural logarithm of what the end of the sentence earns. */
    double end(int state) {
        return model == null ? 0 : settings.languageWeight() * model.logProb(state, model.end());
    }
}
