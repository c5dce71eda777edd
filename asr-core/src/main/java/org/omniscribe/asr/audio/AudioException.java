package org.omniscribe.asr.audio;

import java.util.OptionalLong;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.io.TextFile;

/** A file or stream that cannot be read as sound; the message names it, says where and why, and what to do next. */
public final class AudioException extends OmniscribeException {
    private final String source;
    private final long offset;
    private final String remedy;

    AudioException(String source, long offset, String problem, String remedy, Throwable cause) {
        super(
                Kind.INPUT,
                TextFile.shown(source) + ": " + problem + (offset < 0 ? "" : " (at byte " + offset + ")") + ". "
                        + remedy,
                cause);
        this.source = source;
        this.offset = offset;
        this.remedy = remedy;
    }

    /**
     * For a recording that can be decoded, but that no model can make anything of.
     *
     * @param source what messages call the recording
     * @param problem what is wrong and where
     * @param remedy what to do next, in sentences
     * @param cause null for none
     */
    public static AudioException unusable(String source, String problem, String remedy, Throwable cause) {
        return new AudioException(source, -1, problem, remedy, cause);
    }

    /** The file or stream, as it was named when it was opened. */
    public String source() {
        return source;
    }

    /** The byte where reading failed, counted from 0; empty if that is not known or says nothing. */
    public OptionalLong offset() {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** What to do next, in one or two sentences. */
    public String remedy() {
        return remedy;
    }
}
