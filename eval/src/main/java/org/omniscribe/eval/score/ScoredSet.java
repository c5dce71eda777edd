package org.omniscribe.eval.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What comparing transcripts with references gives.
 *
 * @param utterances every reference that is scored
 * @param notes what is odd about the transcripts and not in the figures as one might think: hypotheses that are missing,
 *     and those that no reference belongs to
 */
public record ScoredSet(List<Utterance> utterances, List<String> notes) {
    /**
     * The errors of one reference.
     *
     * @param id its name, unique in the set
     * @param speaker who speaks; empty if unknown
     * @param alignment its words and those recognised, both normalised
     * @param score the alignment's edits
     */
    public record Utterance(String id, String speaker, Alignment alignment, Score score) {
        /** An utterance with the score of its alignment. */
        public Utterance(String id, String speaker, Alignment alignment) {
            this(id, speaker, alignment, Score.of(alignment));
        }

        /** The edits in words. */
        public ErrorCounts words() {
            return score.words();
        }
    }

    /** Copies the lists. */
    public ScoredSet {
        utterances = List.copyOf(utterances);
        notes = List.copyOf(notes);
    }

    /** The utterances of several sets as one. */
    public static ScoredSet pooled(List<ScoredSet> sets) {
        return new ScoredSet(
                sets.stream().flatMap(s -> s.utterances.stream()).toList(),
                sets.stream().flatMap(s -> s.notes.stream()).toList());
    }

    /** The pooled score of all utterances. */
    public Score score() {
        return utterances.stream().map(Utterance::score).reduce(Score.NONE, Score::plus);
    }

    /** The edits of each speaker, in order of appearance. */
    public Map<String, ErrorCounts> speakers() {
        Map<String, ErrorCounts> speakers = new LinkedHashMap<>();
        utterances.forEach(u -> speakers.merge(u.speaker(), u.words(), ErrorCounts::plus));
        return speakers;
    }

    /** The 95 % interval of the word error rate, utterances being drawn; see {@link Bootstrap}. */
    public Interval byUtterance() {
        return Bootstrap.interval(utterances.stream().map(Utterance::words).toList());
    }

    /**
     * The 95 % interval of the word error rate, speakers being drawn with all they said; see {@link Bootstrap}.
     *
     * @return NaN for both bounds if there is only one speaker, who says nothing of others, or one of them is unknown
     */
    public Interval bySpeaker() {
        Map<String, ErrorCounts> speakers = speakers();
        return speakers.size() < 2 || speakers.containsKey("")
                ? Interval.NONE
                : Bootstrap.interval(List.copyOf(speakers.values()));
    }

    /**
     * Two recognisers on the utterances that both were scored on.
     *
     * @param first what the one made of them
     * @param second what the other made of them, in the same order
     */
    public record Common(ScoredSet first, ScoredSet second) {
        /** Whether one of them made more errors by more than chance. */
        public MatchedPairs test() {
            return MatchedPairs.compare(first.alignments(), second.alignments(), true);
        }
    }

    /**
     * What this and another recogniser were both scored on.
     *
     * @param other what the other recogniser was scored as, on the same references
     */
    public Common common(ScoredSet other) {
        Map<String, Utterance> others =
                other.utterances.stream().collect(Collectors.toMap(Utterance::id, Function.identity()));
        List<Utterance> own =
                utterances.stream().filter(u -> others.containsKey(u.id())).toList();
        return new Common(
                new ScoredSet(own, List.of()),
                new ScoredSet(own.stream().map(u -> others.get(u.id())).toList(), List.of()));
    }

    private List<Alignment> alignments() {
        return utterances.stream().map(Utterance::alignment).toList();
    }
}
