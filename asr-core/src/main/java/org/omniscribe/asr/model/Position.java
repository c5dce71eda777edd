package org.omniscribe.asr.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How encoder steps know their place. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Position.Sinusoid.class, name = "SINUSOID"),
    @JsonSubTypes.Type(value = Position.WhisperSinusoid.class, name = "WHISPER_SINUSOID"),
    @JsonSubTypes.Type(value = Position.Relative.class, name = "RELATIVE"),
    @JsonSubTypes.Type(value = Position.None.class, name = "NONE")
})
public sealed interface Position {

    /** Sinusoids added to the input: element i has frequency 1e4^(-2 floor(i/2)/d), cosine at odd i. */
    record Sinusoid() implements Position {}

    /**
     * Whisper's sinusoids, added to the input: sin(t f_i) in the first half of the width d, cos(t f_i) in the second,
     * with f_i = 1e4^(-i/(d/2 - 1)); for at most {@link #MAX_STEPS} steps.
     *
     * @param stored whether the table is a parameter, {@code position.table} of shape [{@link #MAX_STEPS}, d], as in files
     *     of published models; else it is computed
     */
    record WhisperSinusoid(boolean stored) implements Position {
        /** Steps that have a place: 30 s. */
        public static final int MAX_STEPS = 1500;

        /**
         * The computed table.
         *
         * @param steps rows, at most {@link #MAX_STEPS}
         * @param width columns, even and above 2
         * @return rows one behind the other
         */
        public static float[] table(int steps, int width) {
            int half = width / 2;
            float[] table = new float[steps * width];
            for (int i = 0; i < half; i++) {
                double frequency = Math.exp(-i * Math.log(1e4) / (half - 1));
                for (int t = 0; t < steps; t++) {
                    table[t * width + i] = (float) Math.sin(t * frequency);
                    table[t * width + half + i] = (float) Math.cos(t * frequency);
                }
            }
            return table;
        }
    }

    /**
     * A learned bias on attention logits for each head and clipped relative distance.
     *
     * @param range largest distance with a bias of its own, in steps, at least 1
     */
    record Relative(int range) implements Position {
        /** Checks the range. */
        public Relative {
            if (range < 1) {
                throw new IllegalArgumentException("range must be positive, not " + range);
            }
        }
    }

    /** No positions. */
    record None() implements Position {}
}
