package org.omniscribe.eval.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.datasets.Utterance;

/**
 * Everything that one system has recognised in a run, an utterance a line of JSON, written as soon as it is known.
 *
 * <p>A program that is killed leaves at most one line unfinished; it is cut off when the log is opened again, and its
 * utterance is recognised anew. Of two lines for one utterance the later one counts.
 */
public final class SystemLog {
    private final SystemInfo info;
    private final Path file;
    private final Map<String, Recognition> byUtterance = new LinkedHashMap<>();

    private SystemLog(SystemInfo info, Path file) {
        this.info = info;
        this.file = file;
    }

    /**
     * Reads a log.
     *
     * @param info the system
     * @param file its log; may be missing
     * @throws RunException naming the line if one in the middle is damaged
     */
    static SystemLog open(SystemInfo info, Path file) {
        SystemLog log = new SystemLog(info, file);
        try {
            if (Files.exists(file)) {
                log.read();
            }
        } catch (IOException e) {
            throw new RunException(file + " cannot be read (" + FailureText.reason(e) + ")", e);
        }
        return log;
    }

    private void read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        if (whole < bytes.length) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        int number = 0;
        for (int from = 0, to; from < whole; from = to + 1) {
            number++;
            for (to = from; bytes[to] != '\n'; ) {
                to++;
            }
            Faults faults = new Faults();
            Recognition recognition =
                    JsonReader.of(Arrays.copyOfRange(bytes, from, to), faults).partial(Recognition.class);
            int line = number;
            faults.orThrow(all -> new RunException(file + ", line " + line + " is damaged (" + all
                    + "). Delete the line, and its utterance will be recognised again."));
            remember(recognition);
        }
    }

    private void remember(Recognition recognition) {
        byUtterance.put(key(recognition.set(), recognition.id()), recognition);
    }

    private static String key(String set, String id) {
        return set + "\t" + id;
    }

    /** The system. */
    public SystemInfo info() {
        return info;
    }

    /** All utterances of all sets, in the order in which they were recognised first. */
    public Collection<Recognition> recognitions() {
        return Collections.unmodifiableCollection(byUtterance.values());
    }

    /** What the system made of an utterance, if it was asked. */
    public Optional<Recognition> find(String set, Utterance utterance) {
        return Optional.ofNullable(byUtterance.get(key(set, utterance.id())));
    }

    /** Whether an utterance is still to be recognised: nobody has, or its audio is another by now. */
    boolean open(String set, Utterance utterance) {
        return find(set, utterance)
                .map(r -> r.sound() != null && !r.sound().equals(Recognition.sound(utterance)))
                .orElse(true);
    }

    /**
     * Forgets everything and takes this instead, such as output that was imported again.
     *
     * @throws RunException if the file cannot be written
     */
    public void replaceAll(Collection<Recognition> recognitions) {
        byUtterance.clear();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new RunException(file + " cannot be replaced (" + FailureText.reason(e) + ")", e);
        }
        add(recognitions);
    }

    /**
     * Adds lines; when this returns, the operating system has them.
     *
     * @throws RunException if the file cannot be written
     */
    void add(Collection<Recognition> recognitions) {
        StringBuilder lines = new StringBuilder();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (Recognition recognition : recognitions) {
                lines.append(RunFolder.JSON.writeValueAsString(recognition)).append('\n');
            }
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new RunException(
                    file + " cannot be written (" + FailureText.reason(e) + "); what is in it is kept", e);
        }
        recognitions.forEach(this::remember);
    }
}
