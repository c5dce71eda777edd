package org.omniscribe.asr.audio;

/** What becomes of the channels of a recording: all of them mixed, or one of them alone. */
public sealed interface Channel {
    /** The mean of all channels. */
    record Mix() implements Channel {}

    /**
     * One channel alone, as for a telephone call with a speaker on either side.
     *
     * @param index the channel, counted from 0 (0 = left)
     */
    record Pick(int index) implements Channel {
        public Pick {
            if (index < 0) {
                throw new IllegalArgumentException("channel index " + index + " is negative; the first channel is 0");
            }
        }
    }
}
