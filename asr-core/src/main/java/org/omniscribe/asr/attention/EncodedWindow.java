package org.omniscribe.asr.attention;

import org.omniscribe.asr.io.Faults;

/**
 * A window of speech as the encoder gives it.
 *
 * @param encoded {@code [step][width]} in a row; not copied, and not to be changed any more
 * @param steps steps of the encoder, at least 1; more than {@code seconds} has where silence was appended
 * @param seconds duration of the sound in the window, positive; words end no later
 * @param previous text before the window, which the decoder continues; blank where it shall not matter
 */
public record EncodedWindow(float[] encoded, int steps, double seconds, String previous) {
    /** Checks all fields and reports every fault at once. */
    public EncodedWindow {
        Faults faults = new Faults();
        if (steps < 1 || encoded.length == 0 || encoded.length % steps != 0) {
            faults.add(encoded.length + " numbers cannot be " + steps + " steps");
        }
        faults.positive("seconds", seconds);
        faults.present("previous", previous);
        faults.orThrow("EncodedWindow");
    }

    /** A window whose text follows nothing. */
    public EncodedWindow(float[] encoded, int steps, double seconds) {
        this(encoded, steps, seconds, "");
    }

    /** Numbers a step. */
    public int width() {
        return encoded.length / steps;
    }
}
