package org.omniscribe.asr.transcript;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes transcripts in the forms of {@link TranscriptFormat}: UTF-8, line feeds, times to the millisecond.
 *
 * <ul>
 *   <li>TXT: one segment a line; empty for silence.
 *   <li>JSON: as {@code docs/transcript.schema.json} says.
 *   <li>SRT and VTT: at most two lines of 42 characters and 7 seconds a caption, broken at pauses and clauses; 1 second
 *       at least and 17 characters a second at most wherever the speaker leaves room for it.
 *   <li>CTM: {@code file channel begin duration word confidence} (NIST SCTK); the file is the recording's name without
 *       folder, extension and white space, the channel is A.
 * </ul>
 */
public final class TranscriptWriter {
    private TranscriptWriter() {}

    /** A transcript as text in some format. */
    public static String format(Transcript transcript, TranscriptFormat format) {
        StringWriter writer = new StringWriter();
        try {
            write(transcript, format, writer);
        } catch (IOException e) {
            throw new UncheckedIOException("a writer in memory failed", e);
        }
        return writer.toString();
    }

    /**
     * Captions that end when their last word does, as segments do. {@link #format} leaves them on for as long as it takes to
     * read them, where the speaker leaves room for it.
     *
     * @param format SRT or VTT
     * @throws IllegalArgumentException for other formats
     */
    public static String captions(Transcript transcript, TranscriptFormat format) {
        StringWriter writer = new StringWriter();
        try {
            switch (format) {
                case SRT -> srt(Captions.of(transcript, false), writer);
                case VTT -> vtt(Captions.of(transcript, false), writer);
                default -> throw new IllegalArgumentException("captions are SRT or VTT, not " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a writer in memory failed", e);
        }
        return writer.toString();
    }

    /**
     * Writes a transcript to a file, which is replaced if it exists.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Transcript transcript, TranscriptFormat format, Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            write(transcript, format, writer);
        }
    }

    /**
     * Writes a transcript and leaves the writer open.
     *
     * @throws IOException if the writer fails
     */
    public static void write(Transcript transcript, TranscriptFormat format, Writer writer) throws IOException {
        switch (format) {
            case TXT -> text(transcript, writer);
            case JSON -> TranscriptJson.write(transcript, writer);
            case SRT -> srt(Captions.of(transcript, true), writer);
            case VTT -> vtt(Captions.of(transcript, true), writer);
            case CTM -> ctm(transcript, writer);
        }
    }

    private static void text(Transcript transcript, Writer writer) throws IOException {
        for (Segment segment : transcript.segments()) {
            writer.write(segment.text() + "\n");
        }
    }

    private static void srt(List<Captions.Caption> captions, Writer writer) throws IOException {
        int number = 0;
        for (Captions.Caption caption : captions) {
            number++;
            writer.write(number + "\n" + clock(caption.start(), ',') + " --> " + clock(caption.end(), ',') + "\n");
            for (String line : caption.lines()) {
                // SubRip has no escapes: players drop what is in angle brackets, and take an arrow for a line of times.
                writer.write(line.replace('<', '‹').replace('>', '›') + "\n");
            }
            writer.write("\n");
        }
    }

    private static void vtt(List<Captions.Caption> captions, Writer writer) throws IOException {
        writer.write("WEBVTT\n");
        for (Captions.Caption caption : captions) {
            writer.write("\n" + clock(caption.start(), '.') + " --> " + clock(caption.end(), '.') + "\n");
            for (String line : caption.lines()) {
                writer.write(line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "\n");
            }
        }
    }

    private static String clock(long millis, char point) {
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                point,
                millis % 1000);
    }

    private static void ctm(Transcript transcript, Writer writer) throws IOException {
        String file = ctmName(transcript.file());
        for (Word word : transcript.words()) {
            // The duration is that of the rounded times, so that rounding makes no words overlap.
            long begin = Math.round(word.start() * 1000);
            long duration = Math.round(word.end() * 1000) - begin;
            writer.write(file + " A " + fixed(begin / 1000.0, 3) + " " + fixed(duration / 1000.0, 3) + " " + word.text()
                    + " " + fixed(word.confidence(), 4) + "\n");
        }
    }

    private static String ctmName(String file) {
        String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        int dot = name.lastIndexOf('.');
        String base = (dot > 0 ? name.substring(0, dot) : name).replaceAll("[\\s\\p{Z}]", "_");
        // Two semicolons begin a comment.
        return base.isEmpty() ? "_" : base.replaceAll("^;+", "_");
    }

    /** A number with a fixed number of decimals, without exponent, the same in every country. */
    static String fixed(double value, int decimals) {
        return BigDecimal.valueOf(value)
                .setScale(decimals, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
