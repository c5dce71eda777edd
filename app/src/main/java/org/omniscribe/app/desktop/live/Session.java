package org.omniscribe.app.desktop.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.omniscribe.app.desktop.document.TranscriptFile;
import org.omniscribe.app.desktop.sound.SoundFile;
import org.omniscribe.app.desktop.timeline.RoutingFile;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.transcript.Transcript;

/**
 * A live session on disk: a folder named after its begin, with the sound, the transcript and the experts, all of which are
 * brought up to date while the session goes on, and a mark that it does.
 *
 * @param folder the folder
 * @param started when it began, in local time
 */
public record Session(Path folder, LocalDateTime started) {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH-mm-ss");
    private static final int NAME_LENGTH = 19;
    private static final DateTimeFormatter TITLE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    /**
     * What a list shows of a session.
     *
     * @param session the session
     * @param seconds of sound
     * @param words in the transcript
     */
    public record Summary(Session session, double seconds, int words) {}

    /**
     * Begins a session.
     *
     * @param sessions the folder of all sessions
     * @param now its begin
     * @throws IOException if the folder cannot be written
     */
    static Session begin(Path sessions, LocalDateTime now) throws IOException {
        Path folder = sessions.resolve(NAME.format(now));
        for (int n = 2; Files.exists(folder); n++) {
            folder = sessions.resolve(NAME.format(now) + " (" + n + ")");
        }
        Files.createDirectories(folder);
        Session session = new Session(folder, now);
        ProcessHandle me = ProcessHandle.current();
        Files.writeString(session.mark(), me.pid() + " " + startOf(me));
        return session;
    }

    /** All sessions, the newest first; other folders are left out. */
    static List<Session> list(Path sessions) throws IOException {
        List<Session> found = new ArrayList<>();
        if (!Files.isDirectory(sessions)) {
            return found;
        }
        try (Stream<Path> folders = Files.list(sessions)) {
            folders.forEach(folder -> of(folder).ifPresent(found::add));
        }
        found.sort(Comparator.comparing(Session::started).reversed());
        return found;
    }

    private static Optional<Session> of(Path folder) {
        String name = folder.getFileName().toString();
        try {
            String date = name.length() > NAME_LENGTH ? name.substring(0, NAME_LENGTH) : name;
            return Optional.of(new Session(folder, LocalDateTime.parse(date, NAME)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** What people call it. */
    public String title() {
        return TITLE.format(started);
    }

    /** The sound, a WAV file. */
    public Path sound() {
        return folder.resolve("sound.wav");
    }

    /** The transcript in JSON. */
    public Path transcript() {
        return folder.resolve("transcript.json");
    }

    /** The experts of every step. */
    public Path routing() {
        return folder.resolve("routing.bin");
    }

    private Path mark() {
        return folder.resolve("running");
    }

    /** It has ended as it should, or what was cut off has been seen. */
    void end() throws IOException {
        Files.deleteIfExists(mark());
    }

    /** Whether it was cut off: it has not ended, and the program that wrote it runs no longer. */
    boolean cutOff() {
        try {
            String[] owner = Files.readString(mark()).split(" ", 2);
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(owner[0]));
            // Another program may have got the number since.
            return process.isEmpty() || !startOf(process.get()).equals(owner[1]);
        } catch (IOException e) {
            return false;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return true;
        }
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /** How long it is, and how much was said. */
    Summary summary() throws IOException {
        double seconds = 0;
        if (Files.exists(sound())) {
            try (SoundFile file = new SoundFile(sound())) {
                seconds = file.seconds();
            }
        }
        return new Summary(this, seconds, read().words().size());
    }

    /** The transcript; an empty one if nothing was said yet. */
    Transcript read() throws IOException {
        return Files.exists(transcript())
                ? TranscriptFile.read(transcript())
                : new Transcript(title(), 0, "", List.of(), Optional.empty(), List.of());
    }

    /** A timeline with the experts and without sound; an empty one if they were not kept. */
    Timeline timeline() throws IOException {
        return Files.exists(routing()) ? RoutingFile.read(routing()) : new Timeline(List.of(), 1);
    }

    /** Deletes it with all its files. */
    void delete() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Now, in local time to the second. */
    static LocalDateTime now() {
        return LocalDateTime.ofInstant(Instant.now(), ZoneId.systemDefault()).withNano(0);
    }
}
