package org.omniscribe.eval.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.omniscribe.eval.run.Concern;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.ReferenceCheck;
import org.omniscribe.eval.run.Scoring;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.run.SystemLog;
import org.omniscribe.eval.run.TestSet;

/**
 * All figures of a run and what makes them comparable with others.
 *
 * @param created when the figures were computed
 * @param scoring what texts went through and how they were aligned
 * @param sets the test sets, in order
 * @param systems the systems, in order
 * @param comparisons every pair of systems on every set that both have, and on all sets
 * @param concerns what is odd about references and outputs
 */
public record Report(
        Instant created,
        Scoring scoring,
        List<TestSet> sets,
        List<SystemReport> systems,
        List<Comparison> comparisons,
        List<Concern> concerns) {
    /** Copies the lists. */
    public Report {
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(scoring, "scoring");
        sets = List.copyOf(sets);
        systems = List.copyOf(systems);
        comparisons = List.copyOf(comparisons);
        concerns = List.copyOf(concerns);
    }

    /**
     * Scores systems; nothing is recognised for it.
     *
     * @param created the time to show
     * @param scoring how to score
     * @param sets the test sets to report on
     * @param logs the systems; those that have nothing of these sets are left out
     * @param more concerns that are known already
     */
    public static Report of(
            Instant created, Scoring scoring, List<TestSet> sets, List<SystemLog> logs, List<Concern> more) {
        Set<String> names = sets.stream().map(TestSet::name).collect(Collectors.toSet());
        List<SystemLog> used = logs.stream()
                .filter(log -> log.recognitions().stream().anyMatch(r -> names.contains(r.set())))
                .toList();
        List<List<SetResult>> results = used.stream()
                .map(log -> sets.stream().map(set -> scoring.score(set, log)).toList())
                .toList();
        List<Concern> concerns = new ArrayList<>(more);
        for (int s = 0; s < sets.size(); s++) {
            int set = s;
            List<SetResult> ofSet = results.stream().map(r -> r.get(set)).toList();
            concerns.addAll(ReferenceCheck.of(sets.get(s), ofSet));
            for (int i = 0; i < used.size(); i++) {
                tell(used.get(i).info().name(), ofSet.get(i), concerns);
            }
        }
        Set<String> suspects = concerns.stream()
                .filter(c -> c.kind().suspect())
                .map(c -> c.set() + "/" + c.id())
                .collect(Collectors.toSet());
        List<SystemReport> systems = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            List<SetResult> own = results.get(i);
            List<Integer> experts = used.get(i).info().experts();
            systems.add(new SystemReport(
                    used.get(i).info(),
                    own,
                    own.stream()
                            .map(r -> Figures.of(List.of(r), suspects, scoring.normalizer(), experts))
                            .toList(),
                    Figures.of(own, suspects, scoring.normalizer(), experts)));
        }
        return new Report(created, scoring, sets, systems, comparisons(sets, systems), distinct(concerns));
    }

    /** What every system lacks alike is told once. */
    private static List<Concern> distinct(List<Concern> concerns) {
        return concerns.stream().distinct().toList();
    }

    private static void tell(String system, SetResult result, List<Concern> concerns) {
        String set = result.name();
        result.withoutReference()
                .forEach(o -> concerns.add(new Concern(
                        Concern.Kind.EMPTY_REFERENCE,
                        set,
                        o.utterance().id(),
                        o.utterance().text())));
        result.failed()
                .forEach(o -> concerns.add(new Concern(
                        Concern.Kind.AUDIO_FAILED, set, o.utterance().id(), o.reason())));
        result.unheard().forEach(id -> concerns.add(new Concern(Concern.Kind.NO_HYPOTHESIS, set, id, system)));
        boolean begun = !result.scored().isEmpty() || !result.failed().isEmpty();
        (begun ? result.pending() : List.<Outcome.Pending>of())
                .forEach(o -> concerns.add(
                        new Concern(Concern.Kind.PENDING, set, o.utterance().id(), system)));
    }

    private static boolean begun(SystemReport system, int set) {
        return !system.results().get(set).scored().isEmpty();
    }

    private static List<Comparison> comparisons(List<TestSet> sets, List<SystemReport> systems) {
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < systems.size(); i++) {
            for (int j = i + 1; j < systems.size(); j++) {
                for (int s = 0; s < sets.size(); s++) {
                    comparisons.add(Comparison.of(sets.get(s).name(), systems.get(i), systems.get(j), List.of(s)));
                }
                int first = i;
                int second = j;
                List<Integer> all = IntStream.range(0, sets.size())
                        .filter(s -> begun(systems.get(first), s) && begun(systems.get(second), s))
                        .boxed()
                        .toList();
                if (all.size() > 1) {
                    comparisons.add(Comparison.of(Comparison.ALL, systems.get(i), systems.get(j), all));
                }
            }
        }
        return comparisons.stream().filter(c -> c.utterances() > 0).toList();
    }
}
