package org.omniscribe.app.desktop.document;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/**
 * A transcript on the screen: its lines, which grow while it is live and can be corrected, and the timeline beside them.
 * Used by the window's thread alone, but for what is added to the timeline.
 */
public final class Document {
    /**
     * A line.
     *
     * @param segment its words and times
     * @param edited whether a person changed it
     */
    public record Line(Segment segment, boolean edited) {}

    /**
     * Where a search has found something.
     *
     * @param line index of the line
     * @param from first word of the line that has a part of it
     * @param to behind the last such word
     */
    public record Match(int line, int from, int to) {}

    private record Change(int index, Optional<Line> before, Optional<Line> after) {}

    private final String title;
    private final String model;
    private final Timeline timeline;
    private final ObservableList<Line> lines = FXCollections.observableArrayList();
    private final ObservableList<Line> shown = FXCollections.unmodifiableObservableList(lines);
    private final Deque<Change> undo = new ArrayDeque<>();
    private final List<String> warnings;
    private Optional<Transcript.Routing> routing = Optional.empty();
    private Optional<Path> sound;
    private List<Word> stable = List.of();
    private List<Word> tentative = List.of();
    private Runnable onPartial = () -> {};
    private boolean unsaved;
    private boolean recording;

    /**
     * An empty document.
     *
     * @param title what people call it
     * @param model name of the model
     * @param timeline what is drawn beside it
     * @param sound the recording, if it is there to be heard
     * @param warnings what was wrong with the recording
     */
    public Document(String title, String model, Timeline timeline, Optional<Path> sound, List<String> warnings) {
        this.title = title;
        this.model = model;
        this.timeline = timeline;
        this.sound = sound;
        this.warnings = List.copyOf(warnings);
    }

    /** A document of a finished transcript. */
    public static Document of(Transcript transcript, Timeline timeline, Optional<Path> sound) {
        Document document = new Document(
                Path.of(transcript.file()).getFileName().toString(),
                transcript.model(),
                timeline,
                sound,
                transcript.warnings());
        transcript.segments().forEach(segment -> document.lines.add(new Line(segment, false)));
        document.routing = transcript.routing();
        return document;
    }

    /** What people call it. */
    public String title() {
        return title;
    }

    /** Name of the model. */
    public String model() {
        return model;
    }

    /** What is drawn beside it. */
    public Timeline timeline() {
        return timeline;
    }

    /** The recording, if it is there to be heard. */
    public Optional<Path> sound() {
        return sound;
    }

    /** The recording can be heard from now on. */
    public void setSound(Path file) {
        sound = Optional.of(file);
    }

    /** What was wrong with the recording. */
    public List<String> warnings() {
        return warnings;
    }

    /** The lines, to be watched and not to be changed. */
    public ObservableList<Line> lines() {
        return shown;
    }

    /** All words in order. */
    public List<Word> words() {
        List<Word> words = new ArrayList<>();
        lines.forEach(line -> words.addAll(line.segment().words()));
        return words;
    }

    /** Words since the last line that will stay as they are. */
    public List<Word> stable() {
        return stable;
    }

    /** Words behind those that may still change. */
    public List<Word> tentative() {
        return tentative;
    }

    /** Told when the words that may still change have changed. */
    public void setOnPartial(Runnable value) {
        onPartial = value;
    }

    /** Whether it is still being recorded. */
    public boolean recording() {
        return recording;
    }

    /** It is being recorded, or no longer. */
    public void setRecording(boolean value) {
        recording = value;
    }

    /** Whether a person has changed something since {@link #saved}. */
    public boolean unsaved() {
        return unsaved;
    }

    /** Everything is written. */
    public void saved() {
        unsaved = false;
    }

    /** Live: the words since the last line as they are understood now. */
    public void showPartial(List<Word> stableWords, List<Word> tentativeWords) {
        stable = List.copyOf(stableWords);
        tentative = List.copyOf(tentativeWords);
        onPartial.run();
    }

    /** Live: a line is final. */
    public void append(Segment segment) {
        lines.add(new Line(segment, false));
        showPartial(List.of(), List.of());
    }

    /**
     * Replaces the text of a line; its words keep their times where they stay. A line without words is taken out.
     *
     * @param index of the line
     * @param text the text as it is to be
     */
    public void edit(int index, String text) {
        Line before = lines.get(index);
        Segment segment = before.segment();
        List<Word> words = EditedWords.align(segment.words(), text, segment.start(), segment.end());
        if (words.equals(segment.words())) {
            return;
        }
        Optional<Line> after = words.isEmpty()
                ? Optional.empty()
                : Optional.of(new Line(new Segment(segment.start(), segment.end(), words), true));
        undo.push(new Change(index, Optional.of(before), after));
        put(index, true, after);
    }

    /** Takes back the last correction; does nothing if there is none. */
    public void undo() {
        if (!undo.isEmpty()) {
            Change last = undo.pop();
            put(last.index(), last.after().isPresent(), last.before());
        }
    }

    /** Whether there is a correction to take back. */
    public boolean canUndo() {
        return !undo.isEmpty();
    }

    private void put(int index, boolean there, Optional<Line> line) {
        unsaved = true;
        if (there && line.isPresent()) {
            lines.set(index, line.get());
        } else if (there) {
            lines.remove(index);
        } else {
            line.ifPresent(value -> lines.add(index, value));
        }
    }

    /** The line that is spoken at a second or was last before it; -1 before the first. */
    public int lineAt(double second) {
        int low = 0;
        int high = lines.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lines.get(middle).segment().start() <= second) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /**
     * Finds a text, in any case, also across words.
     *
     * @param query blanks at its ends do not count; nothing finds nothing
     */
    public List<Match> find(String query) {
        String wanted = query.strip().toLowerCase(Locale.ROOT);
        List<Match> matches = new ArrayList<>();
        if (wanted.isEmpty()) {
            return matches;
        }
        for (int i = 0; i < lines.size(); i++) {
            List<Word> words = lines.get(i).segment().words();
            String text = lines.get(i).segment().text().toLowerCase(Locale.ROOT);
            for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
                matches.add(new Match(i, wordAt(words, at), wordAt(words, at + wanted.length() - 1) + 1));
            }
        }
        return matches;
    }

    /** The word that has a letter of the line's text. */
    private static int wordAt(List<Word> words, int letter) {
        int word = 0;
        for (int end = words.get(0).text().length(); end < letter && word + 1 < words.size(); ) {
            word++;
            end += 1 + words.get(word).text().length();
        }
        return word;
    }

    /** The transcript as it is now, without what may still change. */
    public Transcript transcript() {
        double end = lines.isEmpty() ? 0 : lines.get(lines.size() - 1).segment().end();
        return new Transcript(
                title,
                Math.max(end, timeline.seconds()),
                model,
                lines.stream().map(Line::segment).toList(),
                routing,
                warnings);
    }
}
