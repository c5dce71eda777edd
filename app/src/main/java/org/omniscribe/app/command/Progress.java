package org.omniscribe.app.command;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells on standard error how far a batch is: a bar below the lines on a terminal, only lines elsewhere. */
public final class Progress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final int files;
    private final long start = System.nanoTime();
    private final ProgressBar bar;
    private int file;
    private double finished;

    /**
     * Starts to tell.
     *
     * @param err standard error
     * @param columns width of the terminal that standard error is; 0 if it is none
     * @param files number of recordings in the batch
     * @param seconds seconds of audio in it, as far as its files say
     */
    public Progress(PrintWriter err, int columns, int files, double seconds) {
        this.err = err;
        this.files = files;
        this.bar = columns == 0
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("audio")
                        .setInitialMax(Math.max(1, Math.round(seconds)))
                        .setUnit(" min", 60)
                        .setUpdateIntervalMillis(250)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new DelegatingProgressBarConsumer(this::draw, columns - 1))
                        .build();
    }

    /** The columns that the launcher found; 0 if standard error is no terminal, or nobody looked. */
    public static int terminalColumns() {
        return Math.max(0, Integer.getInteger("omniscribe.columns", 0));
    }

    private void draw(String text) {
        synchronized (err) {
            err.print(CLEAR_LINE + text);
            err.flush();
        }
    }

    /** Prints a line above the bar. */
    public void line(String text) {
        synchronized (err) {
            clear();
            err.println(text);
            err.flush();
        }
    }

    /** Takes the bar off the terminal until it moves again, so that standard output can have the line. */
    public void clear() {
        if (bar != null) {
            draw("");
        }
    }

    /** Another recording begins. */
    public void begin() {
        file++;
        at(0);
    }

    /** The recording that is being read has come to a time, in seconds. */
    public void at(double seconds) {
        if (bar != null) {
            bar.stepTo(Math.round(finished + seconds));
            bar.setExtraMessage("file " + file + " of " + files + ", " + speed(finished + seconds, elapsed()));
        }
    }

    /** The recording is done, or has failed, after so many seconds of audio. */
    public void end(double seconds) {
        at(seconds);
        finished += seconds;
    }

    /** Seconds since the start. */
    public double elapsed() {
        return (System.nanoTime() - start) * 1e-9;
    }

    /** Seconds of audio that are done. */
    double finished() {
        return finished;
    }

    /** Audio time over wall-clock time in words. */
    public static String speed(double audioSeconds, double wallSeconds) {
        return String.format(Locale.ROOT, "%.0f x real time", audioSeconds / Math.max(wallSeconds, 1e-3));
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            clear();
        }
    }
}
