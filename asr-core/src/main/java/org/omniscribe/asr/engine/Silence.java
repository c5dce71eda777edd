package org.omniscribe.asr.engine;

import java.util.Arrays;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;

/** What is said of a silent piece in place of the network: nothing at any step, for sure. */
final class Silence {
    /** A log-probability whose exponential is zero, yet which can be added up. */
    private static final float IMPOSSIBLE = -1000;

    private Silence() {}

    /**
     * A sure blank.
     *
     * @param steps how many
     * @param routing the experts of these steps; without layers where the network did not run
     */
    static Emission emission(Architecture architecture, int steps, RoutingTrace routing, double stepSeconds) {
        return new Emission(
                blank(steps, architecture.vocabulary()),
                architecture.phones() == 0 ? new float[0][] : blank(steps, architecture.phones()),
                routing,
                stepSeconds);
    }

    /** All rows are one. */
    private static float[][] blank(int steps, int tokens) {
        float[] row = new float[tokens];
        Arrays.fill(row, IMPOSSIBLE);
        row[Vocabulary.BLANK_ID] = 0;
        float[][] rows = new float[steps][];
        Arrays.fill(rows, row);
        return rows;
    }
}
