package org.omniscribe.app.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Level;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;
import org.omniscribe.asr.transcript.Word;

/**
 * Gathers what was heard and writes it, again and again: finished utterances, and the stable words of the one that is
 * being spoken, so that a crash loses the last seconds at most. Thread-safe.
 */
public final class LiveTranscript {
    /**
     * A file that is written.
     *
     * @param format its format
     * @param file where
     */
    public record Output(TranscriptFormat format, Path file) {}

    private final String name;
    private final String model;
    private final List<Output> outputs;
    private final Consumer<String> complaints;
    private final List<Segment> segments = new ArrayList<>();
    private List<Word> stable = List.of();
    private double seconds;
    private boolean changed = true;
    private boolean unsaved;

    /**
     * Nothing heard yet.
     *
     * @param name what the transcript calls the recording
     * @param model name of the model
     * @param outputs the files to write
     * @param complaints is told of a file that cannot be written, once
     */
    public LiveTranscript(String name, String model, List<Output> outputs, Consumer<String> complaints) {
        this.name = name;
        this.model = model;
        this.outputs = outputs;
        this.complaints = complaints;
    }

    /** Takes an event. */
    public synchronized void take(RecognitionEvent event) {
        if (event instanceof Level level) {
            seconds = level.time();
        } else if (event instanceof Partial partial) {
            changed |= !partial.stable().equals(stable);
            stable = partial.stable();
        } else if (event instanceof Final end) {
            segments.add(end.segment());
            stable = List.of();
            changed = true;
        }
    }

    /** Seconds of audio heard. */
    public synchronized double seconds() {
        return seconds;
    }

    /** Number of words heard. */
    public synchronized int words() {
        return segments.stream().mapToInt(s -> s.words().size()).sum();
    }

    /** Whether the files lack something because they could not be written. */
    public synchronized boolean unsaved() {
        return unsaved;
    }

    /** Writes the files if there is something new. */
    public void save() {
        Transcript transcript;
        synchronized (this) {
            if (!changed && !unsaved) {
                return;
            }
            changed = false;
            transcript = transcript();
        }
        boolean failed = false;
        for (Output output : outputs) {
            try {
                AtomicFile.write(output.file(), writer -> TranscriptWriter.write(transcript, output.format(), writer));
            } catch (IOException e) {
                failed = true;
                if (!unsaved()) {
                    complaints.accept(FailureText.of(e) + "; it is tried again every second");
                }
            }
        }
        synchronized (this) {
            unsaved = failed;
        }
    }

    private Transcript transcript() {
        List<Segment> all = new ArrayList<>(segments);
        double end = all.isEmpty() ? 0 : all.get(all.size() - 1).end();
        if (!stable.isEmpty() && stable.get(0).start() >= end) {
            all.add(new Segment(
                    stable.get(0).start(), stable.get(stable.size() - 1).end(), stable));
        }
        double last = all.isEmpty() ? 0 : all.get(all.size() - 1).end();
        return new Transcript(name, Math.max(seconds, last), model, all, Optional.empty(), List.of());
    }
}
