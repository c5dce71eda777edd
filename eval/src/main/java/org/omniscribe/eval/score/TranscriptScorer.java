package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.omniscribe.eval.score.NistFiles.Segment;
import org.omniscribe.eval.score.NistFiles.Word;
import org.omniscribe.eval.text.Normalizer;

/**
 * Scores transcripts of any recogniser against references, counting as NIST's {@code sclite -F -D} does.
 *
 * <p>Texts in NIST's formats may hold choices (<code>{ a / b / @ }</code>), words that may be left out ({@code (word)})
 * and fragments ({@code th-}).
 */
public final class TranscriptScorer {
    private static final String ALT_BEGIN = "<ALT_BEGIN>";
    private static final String ALT = "<ALT>";
    private static final String ALT_END = "<ALT_END>";
    /** Any name, where there is only one. */
    private static final String ONE = "1";

    private final Normalizer normalizer;
    private final EditCosts costs;

    /**
     * A scorer.
     *
     * @param normalizer what all words go through before they are compared
     * @param costs which alignment is counted
     */
    public TranscriptScorer(Normalizer normalizer, EditCosts costs) {
        this.normalizer = normalizer;
        this.costs = costs;
    }

    /**
     * Scores utterances that have the same id. One that was not recognised counts as if nothing was; a hypothesis
     * without reference counts nothing. Both are noted.
     *
     * @param references what was said
     * @param hypotheses what was recognised, in any order
     * @param notation whether texts are in NIST's notation
     * @throws ScoreException with all texts whose notation is faulty
     */
    public ScoredSet score(
            List<NistFiles.Utterance> references, List<NistFiles.Utterance> hypotheses, boolean notation) {
        Map<String, String> recognised = new LinkedHashMap<>();
        hypotheses.forEach(h -> recognised.put(h.id(), h.text()));
        List<String> notes = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        List<ScoredSet.Utterance> scored = new ArrayList<>();
        for (NistFiles.Utterance reference : references) {
            String hypothesis = recognised.remove(reference.id());
            if (hypothesis == null) {
                notes.add(reference.id() + ": no hypothesis, all its words count as deleted");
                hypothesis = "";
            }
            WordGraph said = graph(reference.id() + ", reference", reference.text(), notation, faults);
            WordGraph heard = graph(reference.id() + ", hypothesis", hypothesis, notation, faults);
            Alignment alignment = GraphAlignment.of(said, heard, costs);
            scored.add(new ScoredSet.Utterance(reference.id(), reference.speaker(), alignment));
        }
        recognised.keySet().forEach(id -> notes.add(id + ": no reference, its hypothesis is in no figure"));
        NistFiles.complain("faulty texts", faults);
        return new ScoredSet(scored, notes);
    }

    /**
     * Scores words with times against segments. A word belongs to the first segment of its channel that ends after the
     * word's middle, or else to the last; those of ignored segments count nothing.
     *
     * @param segments the references; of each channel they are taken in order of their starts
     * @param words what was recognised; of each channel they are taken in order of their starts
     * @throws ScoreException with all texts whose notation is faulty
     */
    public ScoredSet score(List<Segment> segments, List<Word> words) {
        Map<String, List<Unit>> units = units(words);
        Map<String, List<Segment>> channels = new LinkedHashMap<>();
        segments.forEach(s -> channels.computeIfAbsent(channel(s.file(), s.channel()), k -> new ArrayList<>())
                .add(s));
        List<String> faults = new ArrayList<>();
        List<ScoredSet.Utterance> scored = new ArrayList<>();
        channels.forEach((channel, ordered) -> {
            ordered.sort(Comparator.comparingDouble(Segment::start));
            List<Unit> heard = units.getOrDefault(channel, List.of());
            int next = 0;
            for (int i = 0; i < ordered.size(); i++) {
                Segment segment = ordered.get(i);
                // sclite reads the times of segments in single precision, which decides where middle and end are equal.
                double end = (float) segment.end();
                int first = next;
                while (next < heard.size() && (i == ordered.size() - 1 || heard.get(next).middle < end)) {
                    next++;
                }
                if (!segment.ignored()) {
                    String id = segment.file() + " " + segment.channel() + " " + segment.start();
                    WordGraph said = graph(id, segment.text(), true, faults);
                    Alignment alignment = GraphAlignment.of(said, graph(heard.subList(first, next)), costs);
                    scored.add(new ScoredSet.Utterance(id, segment.speaker(), alignment));
                }
            }
        });
        NistFiles.complain("faulty texts", faults);
        Set<String> unknown = new LinkedHashSet<>(units.keySet());
        unknown.removeAll(channels.keySet());
        return new ScoredSet(
                scored,
                unknown.stream()
                        .map(c -> c + ": no reference, what was recognised there is in no figure")
                        .toList());
    }

    /**
     * Two texts as they were compared.
     *
     * @param reference what was said, normalised, in NIST's notation
     * @param hypothesis what was recognised, normalised, in NIST's notation
     * @param alignment what was taken of their choices, word by word
     */
    public record Compared(String reference, String hypothesis, Alignment alignment) {}

    /**
     * Aligns one utterance whose reference is in NIST's notation, just as if it was a segment, and the hypothesis the words
     * with times that are in it.
     *
     * @param reference what was said
     * @param hypothesis what was recognised, words with white space between them
     * @param glm rules to apply to both before
     * @throws ScoreException if the notation is faulty
     */
    public Compared compare(String reference, String hypothesis, Optional<Glm> glm) {
        List<Segment> segment = List.of(new Segment(ONE, ONE, ONE, 0, 1, "", reference));
        List<Word> words = EditDistance.split(hypothesis).stream()
                .map(word -> new Word(ONE, ONE, 0, 0, word, Double.NaN))
                .toList();
        List<String> faults = new ArrayList<>();
        WordGraph said = graph(
                "reference",
                glm.map(g -> g.segments(segment)).orElse(segment).get(0).text(),
                true,
                faults);
        NistFiles.complain("faulty text", faults);
        List<Unit> heard = units(glm.map(g -> g.words(words)).orElse(words)).getOrDefault(channel(ONE, ONE), List.of());
        WordGraph recognised = graph(heard);
        return new Compared(said.notation(), recognised.notation(), GraphAlignment.of(said, recognised, costs));
    }

    private WordGraph graph(String id, String text, boolean notation, List<String> faults) {
        if (!notation) {
            return WordGraph.plain(text, normalizer);
        }
        try {
            return WordGraph.parse(text, normalizer);
        } catch (IllegalArgumentException e) {
            faults.add(id + ": " + e.getMessage());
            return WordGraph.empty();
        }
    }

    /** The words of a segment; runs without choices are normalised together. */
    private WordGraph graph(List<Unit> units) {
        WordGraph graph = WordGraph.empty();
        List<String> run = new ArrayList<>();
        for (Unit unit : units) {
            String only = unit.alternatives.size() == 1 ? String.join(" ", unit.alternatives.get(0)) : "";
            boolean optional = only.length() > 2 && only.startsWith("(") && only.endsWith(")");
            if (unit.alternatives.size() == 1 && !optional) {
                run.add(only);
                continue;
            }
            graph.add(normalized(run), false);
            run.clear();
            if (optional) {
                graph.add(normalized(List.of(only.substring(1, only.length() - 1))), true);
            } else {
                graph.addChoice(unit.alternatives.stream().map(this::normalized).toList());
            }
        }
        graph.add(normalized(run), false);
        return graph;
    }

    private List<String> normalized(List<String> words) {
        return EditDistance.split(normalizer.normalize(String.join(" ", words)));
    }

    private static String channel(String file, String channel) {
        return (file + " " + channel).toLowerCase(Locale.ROOT);
    }

    /** A word, or a choice between texts, which stays together; its middle is that of the latest word in it. */
    private static final class Unit {
        private final List<List<String>> alternatives = new ArrayList<>();
        private double start = Double.POSITIVE_INFINITY;
        private double middle = Double.NEGATIVE_INFINITY;

        void begin() {
            alternatives.add(new ArrayList<>());
        }

        void add(Word word) {
            alternatives.get(alternatives.size() - 1).add(word.text());
            start = Math.min(start, word.start());
            middle = Math.max(middle, word.middle());
        }
    }

    private static Map<String, List<Unit>> units(List<Word> words) {
        Map<String, List<Unit>> units = new LinkedHashMap<>();
        Unit choice = null;
        for (Word word : words) {
            List<Unit> channel = units.computeIfAbsent(channel(word.file(), word.channel()), k -> new ArrayList<>());
            switch (word.text().toUpperCase(Locale.ROOT)) {
                case ALT_BEGIN -> {
                    choice = new Unit();
                    choice.begin();
                    channel.add(choice);
                }
                case ALT -> {
                    if (choice == null) {
                        throw new ScoreException(channel(word.file(), word.channel()) + ": <ALT> before <ALT_BEGIN>");
                    }
                    choice.begin();
                }
                case ALT_END -> choice = null;
                default -> {
                    Unit unit = choice;
                    if (unit == null) {
                        unit = new Unit();
                        unit.begin();
                        channel.add(unit);
                    }
                    unit.add(word);
                }
            }
        }
        units.values().forEach(list -> Collections.sort(list, Comparator.comparingDouble(u -> u.start)));
        return units;
    }
}
