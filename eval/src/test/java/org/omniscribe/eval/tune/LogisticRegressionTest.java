package org.omniscribe.eval.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.eval.tune.LogisticRegression.Observation;

class LogisticRegressionTest {
    @Test
    void findsTheModelThatMadeTheData() {
        Random random = new Random(1);
        double[] truth = {-0.5, 2, 1};
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            double[] values = {random.nextGaussian(), random.nextGaussian()};
            observations.add(
                    new Observation(values, random.nextDouble() < LogisticRegression.probability(truth, values)));
        }
        double[] model = LogisticRegression.fit(observations);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], model[i], 0.08);
        }
        // At the maximum of likelihood the mean probability is the share of what is true.
        double mean = observations.stream()
                .mapToDouble(o -> LogisticRegression.probability(model, o.values()) - (o.truth() ? 1 : 0))
                .average()
                .orElseThrow();
        assertEquals(0, mean, 1e-6);
    }

    @Test
    void whatCanBeToldApartWithoutErrorStillHasAModel() {
        double[] model = LogisticRegression.fit(
                List.of(new Observation(new double[] {-1}, false), new Observation(new double[] {1}, true)));
        assertTrue(model[1] > 1 && model[1] < 100, "slope " + model[1]);
        assertThrows(IllegalArgumentException.class, () -> LogisticRegression.fit(List.of()));
    }
}
