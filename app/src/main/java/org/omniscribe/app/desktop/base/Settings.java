package org.omniscribe.app.desktop.base;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.omniscribe.asr.transcript.TranscriptFormat;

/**
 * What the user chose, kept from one start to the next.
 *
 * @param theme colours of the window
 * @param fontSize size of transcripts in pixels, {@value #MIN_TEXT_PIXELS} to {@value #MAX_TEXT_PIXELS}
 * @param captionSize size of the caption window's text in pixels, {@value #MIN_TEXT_PIXELS} to {@value #MAX_TEXT_PIXELS}
 * @param model the model bundle; empty for the built-in one
 * @param microphone name of the recording device; empty for the system's own choice
 * @param threads processor threads for the network; 0 for all
 * @param formats what is written of every recording in the queue; none for nothing
 * @param outputFolder where it is written; empty for beside each recording
 * @param doubtful words with a lower confidence are marked, 0 to 1; 0 marks none
 * @param window the window's place; empty before the first start
 */
public record Settings(
        Theme theme,
        int fontSize,
        int captionSize,
        Optional<Path> model,
        Optional<String> microphone,
        int threads,
        List<TranscriptFormat> formats,
        Optional<Path> outputFolder,
        double doubtful,
        Optional<Bounds> window) {
    /** Smallest text size in pixels. */
    public static final int MIN_TEXT_PIXELS = 10;
    /** Largest text size in pixels. */
    public static final int MAX_TEXT_PIXELS = 64;

    private static final int MAX_THREADS = 1024;

    /** Colours of the window. */
    public enum Theme {
        LIGHT,
        DARK
    }

    /**
     * Where the window was.
     *
     * @param x left edge in pixels
     * @param y upper edge in pixels
     * @param width in pixels
     * @param height in pixels
     * @param maximized whether it filled the screen
     */
    public record Bounds(double x, double y, double width, double height, boolean maximized) {}

    /** Puts what is out of range or missing to its default: a settings file may be edited by hand, or older. */
    public Settings {
        theme = Objects.requireNonNullElse(theme, Theme.LIGHT);
        fontSize = fontSize == 0 ? 16 : Math.max(MIN_TEXT_PIXELS, Math.min(MAX_TEXT_PIXELS, fontSize));
        captionSize = captionSize == 0 ? 30 : Math.max(MIN_TEXT_PIXELS, Math.min(MAX_TEXT_PIXELS, captionSize));
        model = model == null ? Optional.empty() : model;
        microphone = microphone == null ? Optional.empty() : microphone;
        threads = Math.max(0, Math.min(MAX_THREADS, threads));
        formats = formats == null ? List.of(TranscriptFormat.TXT) : List.copyOf(formats);
        outputFolder = outputFolder == null ? Optional.empty() : outputFolder;
        doubtful = doubtful >= 0 && doubtful <= 1 ? doubtful : 0.5;
        window = window == null ? Optional.empty() : window;
    }

    /** What holds before anything was chosen. */
    public static Settings defaults() {
        return new Settings(null, 0, 0, null, null, 0, null, null, 0.5, null);
    }

    /** With other colours. */
    public Settings withTheme(Theme value) {
        return new Settings(
                value, fontSize, captionSize, model, microphone, threads, formats, outputFolder, doubtful, window);
    }

    /** With another size of transcripts. */
    public Settings withFontSize(int value) {
        return new Settings(
                theme, value, captionSize, model, microphone, threads, formats, outputFolder, doubtful, window);
    }

    /** With another size of captions. */
    public Settings withCaptionSize(int value) {
        return new Settings(
                theme, fontSize, value, model, microphone, threads, formats, outputFolder, doubtful, window);
    }

    /** With another model. */
    public Settings withModel(Optional<Path> value) {
        return new Settings(
                theme, fontSize, captionSize, value, microphone, threads, formats, outputFolder, doubtful, window);
    }

    /** With another recording device. */
    public Settings withMicrophone(Optional<String> value) {
        return new Settings(
                theme, fontSize, captionSize, model, value, threads, formats, outputFolder, doubtful, window);
    }

    /** With another number of threads. */
    public Settings withThreads(int value) {
        return new Settings(
                theme, fontSize, captionSize, model, microphone, value, formats, outputFolder, doubtful, window);
    }

    /** With other formats. */
    public Settings withFormats(List<TranscriptFormat> value) {
        return new Settings(
                theme, fontSize, captionSize, model, microphone, threads, value, outputFolder, doubtful, window);
    }

    /** With another folder for outputs. */
    public Settings withOutputFolder(Optional<Path> value) {
        return new Settings(theme, fontSize, captionSize, model, microphone, threads, formats, value, doubtful, window);
    }

    /** With another threshold for doubtful words. */
    public Settings withDoubtful(double value) {
        return new Settings(
                theme, fontSize, captionSize, model, microphone, threads, formats, outputFolder, value, window);
    }

    /** With another place of the window. */
    public Settings withWindow(Bounds value) {
        return new Settings(
                theme,
                fontSize,
                captionSize,
                model,
                microphone,
                threads,
                formats,
                outputFolder,
                doubtful,
                Optional.of(value));
    }
}
