package org.omniscribe.eval.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What comparing two files of transcripts gives.
 *
 * @param utterances every reference with its errors
 * @param notes what is odd about the files and not in the figures as one might think: hypotheses that are missing, and
 *     those that no reference belongs to
 */
public record ScoredSet(List<Utterance> utterances, List<String> notes) {
    /**
     * The errors of one reference.
     *
     * @param id its name
     * @param speaker who speaks
     * @param words edits in words
     */
    public record Utterance(String id, String speaker, ErrorCounts words) {}

    /** Copies the lists. */
    public ScoredSet {
        utterances = List.copyOf(utterances);
        notes = List.copyOf(notes);
    }

    /** The edits of all utterances. */
    public ErrorCounts words() {
        return utterances.stream().map(Utterance::words).reduce(ErrorCounts.NONE, ErrorCounts::plus);
    }

    /** How many utterances have an error. */
    public long sentenceErrors() {
        return utterances.stream().filter(u -> u.words().errors() > 0).count();
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
     * @return NaN for both bounds if there is only one speaker, who says nothing of others
     */
    public Interval bySpeaker() {
        List<ErrorCounts> speakers = List.copyOf(speakers().values());
        return speakers.size() < 2 ? new Interval(Double.NaN, Double.NaN) : Bootstrap.interval(speakers);
    }
}
