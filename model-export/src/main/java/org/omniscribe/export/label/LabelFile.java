package org.omniscribe.export.label;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.FileLocks;
import org.omniscribe.asr.io.JsonReader;

/**
 * Keeps labelled recordings on disk, so that a long run that was interrupted goes on, and other rules can be tried without
 * recognising anything again.
 *
 * <p>The first line is {@code {"settings": "…"}}, each other line a {@link LabelledRecording} with the state that its file
 * had. A line that a kill cut off is dropped. Thread-safe.
 */
public final class LabelFile implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Head(String settings) {}

    private record Line(String stamp, LabelledRecording recording) {}

    private final FileChannel channel;
    private final Map<String, Line> done = new LinkedHashMap<>();

    private LabelFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a file, or makes it.
     *
     * @param settings what the labels depend on
     * @throws LabelException if it was made with other settings, is no such file, or is in use
     */
    public static LabelFile open(Path file, String settings) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        LabelFile labels = new LabelFile(channel);
        try {
            lock(channel, file);
            labels.read(file, settings);
            return labels;
        } catch (IOException | RuntimeException e) {
            labels.close();
            throw e;
        }
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        if (!FileLocks.tryLock(channel)) {
            throw new LabelException(file + " is in use by another program; wait for it, or end it.");
        }
    }

    private void read(Path file, String settings) throws IOException {
        String content = Files.readString(file);
        int whole = content.lastIndexOf('\n') + 1;
        List<String> lines = content.substring(0, whole).lines().toList();
        if (whole == 0) {
            channel.truncate(0);
            append(new Head(settings));
            return;
        }
        Faults faults = new Faults();
        Head head = JsonReader.of(lines.get(0), faults.under("line 1")).record(Head.class);
        if (head != null && !head.settings.equals(settings)) {
            throw new LabelException(file + " was made with another model or other options. Delete it to begin anew,"
                    + " or name another output.");
        }
        for (int i = 1; i < lines.size() && faults.isEmpty(); i++) {
            Line line =
                    JsonReader.of(lines.get(i), faults.under("line " + (i + 1))).partial(Line.class);
            if (line != null
                    && faults.check(
                            line.stamp != null && line.recording != null, "line " + (i + 1) + ": it lacks something")) {
                done.put(line.recording.audio(), line);
            }
        }
        faults.orThrow(all -> new LabelException(file + " is damaged or something else (" + all
                + "). Delete it to begin anew, or name another output."));
        long bytes = content.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
        channel.truncate(bytes);
        channel.position(bytes);
    }

    /**
     * What is there of a recording.
     *
     * @return empty if there is nothing, or its file has changed since or is not there any more
     */
    public synchronized Optional<LabelledRecording> get(Path recording) {
        Line line = done.get(recording.toString());
        try {
            return line != null && line.stamp.equals(stamp(recording)) ? Optional.of(line.recording) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Adds a recording, to the disk too. */
    public synchronized void add(LabelledRecording recording) throws IOException {
        Line line = new Line(stamp(Path.of(recording.audio())), recording);
        append(line);
        done.put(recording.audio(), line);
    }

    private static String stamp(Path recording) throws IOException {
        return Files.size(recording) + " " + Files.getLastModifiedTime(recording);
    }

    private void append(Object line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
