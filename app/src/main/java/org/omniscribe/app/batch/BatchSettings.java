package org.omniscribe.app.batch;

import java.util.Optional;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.Channel;

/** What a batch works with. */
public final class BatchSettings {
    final Recognizer recognizer;
    Channel channel = new Channel.Mix();
    int workers = 1;
    int ahead = Integer.MAX_VALUE;
    Limits limits = Limits.NONE;
    Optional<Journal> journal = Optional.empty();
    String hash = "";

    /** One thread, no limits and no journal. */
    public BatchSettings(Recognizer recognizer) {
        this.recognizer = recognizer;
    }

    /** What becomes of the channels of a recording. */
    public BatchSettings channel(Channel value) {
        channel = value;
        return this;
    }

    /** Number of threads, each of which works on a recording of its own; at least 1. */
    public BatchSettings workers(int value) {
        workers = value;
        return this;
    }

    /** How many recordings may be done before an earlier one is; at least 1. */
    public BatchSettings ahead(int value) {
        ahead = value;
        return this;
    }

    /** What one recording may take. */
    public BatchSettings limits(Limits value) {
        limits = value;
        return this;
    }

    /**
     * Where it is written down what is done.
     *
     * @param settings hash of all that transcripts depend on, besides the recordings
     */
    public BatchSettings journal(Journal value, String settings) {
        journal = Optional.of(value);
        hash = settings;
        return this;
    }
}
