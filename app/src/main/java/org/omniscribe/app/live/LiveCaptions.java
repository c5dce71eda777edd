package org.omniscribe.app.live;

import java.io.PrintWriter;
import java.util.Optional;
import org.omniscribe.app.life.OutputException;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Input;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.transcript.Word;

/**
 * Shows what is heard: finished utterances as lines of standard output and, where that is a terminal, the one that is
 * being spoken below them, rewritten as it grows.
 */
public final class LiveCaptions {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final String CUT = "... ";

    private final PrintWriter out;
    private final PrintWriter err;
    private final int columns;
    private final boolean live;
    private boolean showing;
    private boolean failed;
    private boolean unrecorded;
    private OutputException unread;

    /**
     * Shows nothing yet.
     *
     * @param out standard output
     * @param err standard error
     * @param columns width of the terminal that standard output is; 0 if it is none
     * @param live whether to tell when sound comes in
     */
    public LiveCaptions(PrintWriter out, PrintWriter err, int columns, boolean live) {
        this.out = out;
        this.err = err;
        this.columns = columns;
        this.live = live;
    }

    /** The columns that the launcher found; 0 if standard output is no terminal, or nobody looked. */
    public static int terminalColumns() {
        return Math.max(0, Integer.getInteger("omniscribe.captions", 0));
    }

    /** Shows an event; where nobody can read it any more, {@link #unread} says so. */
    public synchronized void take(RecognitionEvent event) {
        try {
            show(event);
        } catch (OutputException e) {
            unread = e;
        }
    }

    /** Why what was said could not be shown, if so. */
    public synchronized Optional<OutputException> unread() {
        return Optional.ofNullable(unread);
    }

    private void show(RecognitionEvent event) {
        if (event instanceof Partial partial) {
            show(partial);
        } else if (event instanceof Final end) {
            clear();
            out.println(end.segment().text());
            out.flush();
        } else if (event instanceof Input input) {
            input(input);
        }
    }

    private void input(Input input) {
        switch (input.state()) {
            case OPEN -> {
                if (live) {
                    tell("listening to " + input.message() + "; Ctrl-C ends");
                }
            }
            case FAILED -> {
                failed = true;
                tell(input.message());
            }
            case UNRECORDED -> {
                unrecorded = true;
                tell(input.message());
            }
            case LOST, BEHIND -> tell(input.message());
            case PAUSED, ENDED -> clear();
        }
    }

    /** Prints a line to standard error, above the utterance that is being spoken. */
    public synchronized void tell(String line) {
        clear();
        err.println("omniscribe: " + line);
        err.flush();
    }

    /** Whether the sound could not be had, or the model failed. */
    public synchronized boolean failed() {
        return failed;
    }

    /** Whether the sound could not be kept. */
    public synchronized boolean unrecorded() {
        return unrecorded;
    }

    private void show(Partial partial) {
        if (columns > 0) {
            String stable = text(partial.stable());
            String tentative = text(partial.tentative());
            if (!stable.isEmpty() && !tentative.isEmpty()) {
                stable += " ";
            }
            // One line, of which the end is shown: lines that wrap cannot be rewritten.
            int length = stable.length() + tentative.length();
            if (length >= columns) {
                int cut = Math.min(length, length - (columns - 1) + CUT.length());
                while (cut < length && (stable + tentative).charAt(cut - 1) != ' ') {
                    cut++;
                }
                tentative = tentative.substring(Math.max(0, cut - stable.length()));
                stable = CUT + stable.substring(Math.min(cut, stable.length()));
            }
            out.print(CLEAR_LINE + stable + DIM + tentative + PLAIN);
            out.flush();
            showing = true;
        }
    }

    private static String text(Iterable<Word> words) {
        StringBuilder text = new StringBuilder();
        for (Word word : words) {
            text.append(text.isEmpty() ? "" : " ").append(word.text());
        }
        return text.toString();
    }

    private void clear() {
        if (showing && unread == null) {
            out.print(CLEAR_LINE);
            out.flush();
            showing = false;
        }
    }
}
