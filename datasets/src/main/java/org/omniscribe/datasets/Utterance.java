package org.omniscribe.datasets;

import java.nio.file.Path;
import java.util.Objects;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.io.Faults;

/**
 * One stretch of speech and what is said in it.
 *
 * @param id name of the utterance, unique in its corpus
 * @param audio the file that holds it
 * @param wholeFile true if it is all of the file, however long that is; start and end then only tell the length
 * @param start where it begins in the file, in seconds, at least 0
 * @param end where it ends, in seconds, after {@code start}
 * @param channel the channel to take, counted from 0; {@link #ALL_CHANNELS} for the mix of all
 * @param speaker who speaks, unique in the corpus; empty if unknown
 * @param text the transcript as published; may be empty
 */
public record Utterance(
        String id, Path audio, boolean wholeFile, double start, double end, int channel, String speaker, String text) {
    /** The {@link #channel()} of an utterance that is the mix of all channels. */
    public static final int ALL_CHANNELS = -1;

    /** Checks all fields and reports every fault at once. */
    public Utterance {
        Objects.requireNonNull(audio, "audio");
        Objects.requireNonNull(speaker, "speaker");
        Objects.requireNonNull(text, "text");
        Faults faults = new Faults();
        faults.notBlank("id", id);
        faults.atLeast("start", start, 0);
        if (wholeFile && start != 0) {
            faults.add("a whole file starts at 0, not " + start);
        }
        if (!(end > start) || Double.isInfinite(end)) {
            faults.add("end must be finite and after start " + start + ", not " + end);
        }
        if (channel < ALL_CHANNELS) {
            faults.add("channel must be at least 0, or -1 for all, not " + channel);
        }
        faults.orThrow(all -> new IllegalArgumentException("Utterance " + id + ": " + all));
    }

    /** A segment of a file. */
    public Utterance(String id, Path audio, double start, double end, int channel, String speaker, String text) {
        this(id, audio, false, start, end, channel, speaker, text);
    }

    /** A whole file, all its channels mixed. */
    public static Utterance ofFile(String id, Path audio, double seconds, String speaker, String text) {
        return new Utterance(id, audio, true, 0, seconds, ALL_CHANNELS, speaker, text);
    }

    /** Length in seconds. */
    public double seconds() {
        return end - start;
    }

    /** What becomes of the file's channels when it is read. */
    public Channel channels() {
        return channel == ALL_CHANNELS ? new Channel.Mix() : new Channel.Pick(channel);
    }
}
