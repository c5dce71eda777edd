package org.omniscribe.eval.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.eval.tune.WeightSearch.Trial;
import org.omniscribe.eval.tune.WeightSearch.Weight;

class WeightSearchTest {
    private static final List<Weight> WEIGHTS =
            List.of(new Weight("a", 0.7, 0.2, 0, 10), new Weight("b", 1, 1, -20, 1.5));

    @Test
    void findsTheBottomOfABowl() {
        List<Trial> trials = new ArrayList<>();
        Trial best = new WeightSearch(
                        WEIGHTS,
                        w -> Math.round(1000 * (Math.pow(w[0] - 1.35, 2) + Math.pow(w[1] + 2.25, 2))),
                        trials::add)
                .run();
        assertEquals(List.of(1.35, -2.25), best.weights());
        assertEquals(0, best.errors());
        assertEquals(new HashSet<>(trials).size(), trials.size(), "no weights are tried twice");
        assertEquals(List.of(0.7, 1.0), trials.get(0).weights(), "the start comes first");
    }

    @Test
    void keepsToTheLimitsAndToTheStartIfNothingIsBetter() {
        assertEquals(
                List.of(0.0, 1.5),
                new WeightSearch(WEIGHTS, w -> Math.round(100 * (w[0] - w[1]) + 1000), t -> {})
                        .run()
                        .weights());
        assertEquals(
                List.of(0.7, 1.0),
                new WeightSearch(WEIGHTS, w -> 5, t -> {}).run().weights());
    }
}
