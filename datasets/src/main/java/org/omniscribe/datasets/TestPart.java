package org.omniscribe.datasets;

import java.util.Comparator;
import java.util.List;

/**
 * A test set of a corpus, as it was found.
 *
 * @param name short name, unique among all corpora: {@code librispeech-clean}
 * @param release which release it is, as far as can be told
 * @param utterances at least one, ordered by file, channel and start, so that each file is read once
 * @param warnings what differs from what was published, in plain sentences
 * @param nist references and rules for NIST's way of scoring
 */
public record TestPart(
        String name, String release, List<Utterance> utterances, List<String> warnings, NistReferences nist) {
    /** Orders the utterances. */
    public TestPart {
        utterances = utterances.stream()
                .sorted(Comparator.comparing(Utterance::audio)
                        .thenComparing(Utterance::channel)
                        .thenComparing(Utterance::start)
                        .thenComparing(Utterance::id))
                .toList();
        warnings = List.copyOf(warnings);
    }

    /** A part that is scored in one way only. */
    public TestPart(String name, String release, List<Utterance> utterances, List<String> warnings) {
        this(name, release, utterances, warnings, NistReferences.NONE);
    }

    /** Length of all utterances together, in seconds. */
    public double seconds() {
        return utterances.stream().mapToDouble(Utterance::seconds).sum();
    }

    /** Words in all transcripts, parted by white space. */
    public long words() {
        return utterances.stream()
                .map(u -> u.text().strip())
                .filter(t -> !t.isEmpty())
                .mapToLong(t -> t.split("\\s+").length)
                .sum();
    }
}
