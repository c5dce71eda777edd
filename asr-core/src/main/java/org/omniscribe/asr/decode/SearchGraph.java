package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.Vocabulary;

/** What a {@link LexiconSearch} walks: the tree of pronunciations, and what words earn. Immutable and thread-safe. */
final class SearchGraph {
    private final LanguageModel model;
    private final LexiconSettings settings;
    private final Hotwords hotwords;
    private final PronunciationTree tree;
    private final double[] factor;
    private final double greatestFactor;
    private final List<String> texts = new ArrayList<>();
    /** The language model's number of each word. */
    private int[] ids = new int[0];

    /**
     * Takes the words that both the language model and the dictionary know, and those of the hot words that only the
     * dictionary knows.
     *
     * @throws IllegalArgumentException if a pronunciation has phones that are not in the vocabulary, or no word is left
     */
    SearchGraph(
            Vocabulary phones,
            Pronunciations pronunciations,
            LanguageModel model,
            LexiconSettings settings,
            Optional<Hotwords> hotwords) {
        this.model = model;
        this.settings = settings;
        this.hotwords = hotwords.orElse(null);
        Map<String, Double> loans = new HashMap<>();
        hotwords.ifPresent(h -> {
            for (Hotwords.Hotword phrase : h.phrases()) {
                String[] words = phrase.phrase().split(" ");
                for (String word : words) {
                    loans.merge(word, phrase.weight() / words.length, Math::max);
                }
            }
        });
        Map<String, Byte> known = new HashMap<>();
        for (int v = 1; v < phones.size(); v++) {
            known.put(phones.token(v).substring(phones.token(v).charAt(0) == Vocabulary.WORD_MARK ? 1 : 0), (byte) v);
        }
        List<String> faults = new ArrayList<>();
        List<PronunciationTree.Entry> entries = new ArrayList<>();
        pronunciations.words().forEach((text, ways) -> {
            int id = model.id(text);
            if (id == model.unknown() && !loans.containsKey(text)) {
                return;
            }
            if (texts.size() == ids.length) {
                ids = Arrays.copyOf(ids, Math.max(1024, 2 * ids.length));
            }
            ids[texts.size()] = id;
            double worth = settings.languageWeight() * model.unigram(id)
                    + settings.wordBonus()
                    + loans.getOrDefault(text, 0.0);
            for (List<String> way : ways) {
                byte[] row = new byte[way.size()];
                for (int i = 0; i < row.length; i++) {
                    Byte phone = known.get(way.get(i));
                    if (phone == null) {
                        faults.add("\"" + text + "\" has the phone " + way.get(i));
                    } else {
                        row[i] = phone;
                    }
                }
                entries.add(new PronunciationTree.Entry(row, texts.size(), worth));
            }
            texts.add(text);
        });
        if (entries.isEmpty()) {
            faults.add("the language model has none of its words");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults.subList(0, Math.min(10, faults.size()))) + " ("
                    + faults.size() + " faults in all)");
        }
        tree = new PronunciationTree(entries);
        factor = new double[tree.size()];
        double greatest = 0;
        for (int node = 0; node < tree.size(); node++) {
            for (int child = tree.children[node]; child < tree.children[node + 1]; child++) {
                double before = node == PronunciationTree.ROOT ? 0 : tree.ahead[node];
                factor[child] = Math.exp(tree.ahead[child] - before);
                if (node == PronunciationTree.ROOT) {
                    greatest = Math.max(greatest, factor[child]);
                }
            }
        }
        greatestFactor = greatest;
    }

    PronunciationTree tree() {
        return tree;
    }

    /** By what the probability of a hypothesis is multiplied on entering a node. */
    double[] factor() {
        return factor;
    }

    /** The greatest factor of a node after the root. */
    double greatestFactor() {
        return greatestFactor;
    }

    String text(int word) {
        return texts.get(word);
    }

    int startState() {
        return model.startState();
    }

    int nextState(int state, int word) {
        return model.nextState(state, ids[word]);
    }

    int startHot() {
        return hotwords == null ? Hotwords.START : hotwords.next(Hotwords.START, ' ');
    }

    int nextHot(int hot, int word) {
        if (hotwords == null) {
            return Hotwords.START;
        }
        int at = hot;
        String text = texts.get(word);
        for (int i = 0; i < text.length(); i++) {
            at = hotwords.next(at, text.charAt(i));
        }
        return hotwords.next(at, ' ');
    }

    /** Natural logarithm of what a word earns after others. */
    double earned(int state, int hot, int word) {
        double score = settings.languageWeight() * model.logProb(state, ids[word]) + settings.wordBonus();
        if (hotwords != null) {
            int at = hot;
            String text = texts.get(word);
            for (int i = 0; i <= text.length(); i++) {
                at = hotwords.next(at, i < text.length() ? text.charAt(i) : ' ');
                score += hotwords.reward(at);
            }
            score += hotwords.lent(at) - hotwords.lent(hot);
        }
        return score;
    }

    /** Natural logarithm of what the end of the sentence earns. */
    double end(int state) {
        return settings.languageWeight() * model.logProb(state, model.end());
    }
}
