package org.omniscribe.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.eval.experts.Findings;
import org.omniscribe.eval.report.NetworkResult.Errors;

/** Figures in the expected rows are worked out by hand. */
class ExperimentTableTest {
    private static final NetworkGroup DENSE = NetworkGroup.ofGrid(Routing.DENSE, 1);
    private static final NetworkGroup SWITCH = NetworkGroup.ofGrid(Routing.INDEPENDENT, 4);
    private static final NetworkGroup OMNI = NetworkGroup.ofGrid(Routing.SHARED, 4);

    private static Errors errors(double wer, double loss) {
        return new Errors(wer, wer - 0.1, wer + 0.1, wer / 2, loss);
    }

    /** Two layers with steps of 40 ms, on which experts stay for 2 and 4 steps. */
    private static Findings findings(Double entropy, double agreement) {
        Findings.Layer first = layer(entropy, 2);
        Findings.Layer second = layer(entropy, 4);
        double[][] pairs = {{1, agreement}, {agreement, 1}};
        return new Findings(
                "m",
                "n",
                1,
                2,
                50,
                0.04,
                List.of("set"),
                List.of(first, second),
                new Findings.Agreement(pairs, pairs, pairs),
                List.of());
    }

    private static Findings.Layer layer(Double entropy, double segment) {
        return new Findings.Layer(
                4,
                new double[] {1},
                new double[][] {{1}},
                0,
                entropy,
                1,
                new Findings.Segments(segment, segment, 9, new double[] {1}),
                new double[][] {{1}},
                new double[] {1},
                new Findings.Committee(new int[] {0}, 1, 1),
                Map.of());
    }

    private static NetworkResult result(NetworkGroup group, long seed, double wer, double loss) {
        boolean dense = group.routing() == Routing.DENSE;
        return new NetworkResult(
                group.label() + seed,
                group,
                seed,
                1_500_000,
                errors(wer, loss),
                dense ? List.of() : List.of(errors(0.8, 3), errors(0.9, 4)),
                findings(dense ? null : 1.5, 0.75),
                Optional.empty());
    }

    private static List<String> rows(List<NetworkResult> results) {
        return ExperimentTable.markdown(results)
                .lines()
                .filter(line -> line.startsWith("| "))
                .toList();
    }

    @Test
    void groupsAreComparedOverTheSeedsThatBothHave() {
        List<String> rows = rows(List.of(
                result(DENSE, 1, 0.4, 1),
                result(DENSE, 2, 0.5, 1),
                result(SWITCH, 1, 0.2, 2),
                result(OMNI, 1, 0.3, 2),
                result(OMNI, 2, 0.4, 2)));
        assertEquals(4, rows.size());
        assertTrue(rows.get(0).contains("| against dense % | against Switch % |"), rows.get(0));
        assertEquals(
                "| dense | 2 | 1.50 | 1.000 | 22.5 | 45.0 | 45.0 (40.0, 50.0) |  |  |  |  |  |  |  |", rows.get(1));
        assertEquals(
                "| Switch, 4 | 1 | 1.50 | 2.000 | 10.0 | 20.0 | 20.0 (20.0) | -50.0 |  | 75.0 | 1.50 | 120 | 3.500"
                        + " | 85.0 |",
                rows.get(2));
        assertEquals(
                "| Omni-router, 4 | 2 | 1.50 | 2.000 | 17.5 | 35.0 | 35.0 (30.0, 40.0) | -22.2 | +50.0 | 75.0 | 1.50"
                        + " | 120 | 3.500 | 85.0 |",
                rows.get(3));
    }

    @Test
    void aVariantThatIsNamedLikeARoutingIsStillAVariant() {
        NetworkGroup variant = new NetworkGroup(Optional.of("Omni-big"), Routing.SHARED, 4);
        List<String> rows = rows(List.of(result(variant, 1, 0.4, Double.NaN), result(SWITCH, 1, 0.2, 2)));
        assertTrue(rows.get(0).contains("| against Omni-big % |"), rows.get(0));
        assertTrue(
                rows.get(1).startsWith("| Omni-big | 1 | 1.50 | - | 20.0 | 40.0 | 40.0 (40.0) |  |  |"), rows.get(1));
    }

    @Test
    void theErrorRateIsThatWithTheLanguageModelWhereItWasMeasured() {
        NetworkResult with = result(DENSE, 1, 0.4, 1).withLanguageModel(errors(0.3, 1));
        assertTrue(rows(List.of(with)).get(1).contains("| 20.0 | 40.0 | 30.0 (30.0) |"));
    }

    @Test
    void aResultThatIsReadIsTheOneThatWasWritten() {
        for (NetworkResult result : List.of(
                result(DENSE, 1, 0.4, Double.NaN), result(OMNI, 2, 0.4, 1).withLanguageModel(errors(0.3, 1)))) {
            Faults faults = new Faults();
            String text = NetworkResultJson.write(result);
            NetworkResult read = NetworkResultJson.read(text, faults);
            assertEquals(List.of(), faults.list());
            assertEquals(result.group(), read.group());
            assertEquals(result.test(), read.test());
            assertEquals(result.permuted(), read.permuted());
            assertEquals(result.withLanguageModel(), read.withLanguageModel());
            assertEquals(text, NetworkResultJson.write(read));
        }
    }

    @Test
    void aResultThatIsNoneIsRefusedWithAllThatIsWrong() {
        Faults faults = new Faults();
        assertNull(NetworkResultJson.read("{\"name\": 5, \"seed\": 1, \"findings\": [], \"more\": 1}", faults));
        assertTrue(faults.text().contains("name must be a text, not 5"), faults.text());
        assertTrue(faults.text().contains("weights is missing"), faults.text());
        assertTrue(faults.text().contains("findings: "), faults.text());
        assertTrue(faults.text().contains("unknown field more"), faults.text());
    }
}
