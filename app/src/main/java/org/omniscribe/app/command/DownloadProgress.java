package org.omniscribe.app.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.omniscribe.datasets.download.DownloadListener;

/** Tells on standard error how far downloads are: a bar a file on a terminal, a line a file elsewhere. */
public final class DownloadProgress implements DownloadListener, AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final int columns;
    private String name = "";
    private ProgressBar bar;

    /**
     * Starts to tell.
     *
     * @param err standard error
     * @param columns width of the terminal that standard error is; 0 if it is none
     */
    public DownloadProgress(PrintWriter err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    @Override
    public void at(String file, long bytes, long total) {
        if (!file.equals(name)) {
            close();
            name = file;
            if (columns == 0) {
                err.println(file + (total > 0 ? String.format(Locale.ROOT, ", %,.1f MB", total / 1e6) : ""));
                err.flush();
            } else {
                bar = new ProgressBarBuilder()
                        .setTaskName(file)
                        .setInitialMax(total)
                        .setUnit(" MB", 1_000_000)
                        .setUpdateIntervalMillis(250)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new DelegatingProgressBarConsumer(this::draw, columns - 1))
                        .build();
            }
        }
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(bytes);
        }
    }

    @Override
    public void again(String file, String reason, Duration wait) {
        synchronized (err) {
            draw("");
            err.println("omniscribe: " + file + ": " + reason
                    + (wait.isZero() ? "; trying again" : "; trying again in " + wait.toSeconds() + " s"));
            err.flush();
        }
    }

    private void draw(String text) {
        if (columns > 0) {
            synchronized (err) {
                err.print(CLEAR_LINE + text);
                err.flush();
            }
        }
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            draw("");
        }
        name = "";
    }
}
