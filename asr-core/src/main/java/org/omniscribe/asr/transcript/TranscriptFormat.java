package org.omniscribe.asr.transcript;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The file forms of a transcript. */
public enum TranscriptFormat {
    /** Plain text, one segment a line. */
    TXT,
    /** Everything there is, as {@code docs/transcript.schema.json} describes it. */
    JSON,
    /** SubRip captions. */
    SRT,
    /** WebVTT captions. */
    VTT,
    /** NIST time-marked conversation, the input of {@code sclite}. */
    CTM;

    /** The file name extension, without a dot; also the name that users type. */
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The format with an extension.
     *
     * @param text such as {@code srt}, in any case
     * @throws IllegalArgumentException if there is no such format; the message lists all
     */
    public static TranscriptFormat parse(String text) {
        for (TranscriptFormat format : values()) {
            if (format.extension().equalsIgnoreCase(text)) {
                return format;
            }
        }
        throw new IllegalArgumentException("there is no transcript format \"" + text + "\"; use one of "
                + Arrays.stream(values()).map(TranscriptFormat::extension).collect(Collectors.joining(", ")));
    }
}
