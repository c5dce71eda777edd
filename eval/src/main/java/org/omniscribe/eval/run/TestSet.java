package org.omniscribe.eval.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.datasets.NistReferences;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;

/**
 * Utterances that get one row in a report.
 *
 * @param name short name, unique in the report
 * @param benchmark whether it is a part of one of the ten benchmarks; others may have the same names
 * @param release which release of its corpus it is; empty if that cannot be told
 * @param utterances in the order of their corpus, at least one, each with an id of its own
 * @param warnings what is odd about it, in plain sentences
 * @param nist references and rules for NIST's way of scoring
 */
public record TestSet(
        String name,
        boolean benchmark,
        String release,
        List<Utterance> utterances,
        List<String> warnings,
        NistReferences nist) {
    /** Checks that there is a name and something to measure, and that no id is there twice. */
    public TestSet {
        utterances = List.copyOf(utterances);
        warnings = List.copyOf(warnings);
        // Runs that were begun before there were such references lack them.
        nist = nist == null ? NistReferences.NONE : nist;
        Faults faults = new Faults();
        if (name.isBlank() || utterances.isEmpty()) {
            faults.add("a test set needs a name and utterances");
        }
        Set<String> seen = new HashSet<>();
        utterances.stream()
                .map(Utterance::id)
                .filter(id -> !seen.add(id))
                .distinct()
                .forEach(id -> faults.add("the id " + id + " is there twice"));
        faults.orThrow(all -> new IllegalArgumentException("test set \"" + name + "\": " + all));
    }

    /** A set that is scored in one way only. */
    public TestSet(String name, boolean benchmark, String release, List<Utterance> utterances, List<String> warnings) {
        this(name, benchmark, release, utterances, warnings, NistReferences.NONE);
    }

    /** A set that somebody put together. */
    public TestSet(String name, List<Utterance> utterances) {
        this(name, false, "", utterances, List.of());
    }

    /** A part of a benchmark. */
    public static TestSet of(TestPart part) {
        return new TestSet(part.name(), true, part.release(), part.utterances(), part.warnings(), part.nist());
    }

    /** Whether there are words in an utterance's reference, be it that they may be left out. */
    boolean hasWords(Utterance utterance) {
        return !utterance.text().isBlank()
                || !nist.texts().getOrDefault(utterance.id(), "").isBlank();
    }

    /** Length of all utterances together, in seconds, as the corpus tells it. */
    public double seconds() {
        return utterances.stream().mapToDouble(Utterance::seconds).sum();
    }
}
