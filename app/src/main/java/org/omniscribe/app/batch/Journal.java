package org.omniscribe.app.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.AtomicFile.Pending;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.FileLocks;
import org.omniscribe.asr.io.JsonReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on the disk what became of the recordings of a batch, so that after a crash every recording is done exactly
 * once, and no output is ever there by half.
 *
 * <p>A recording is done from the moment its line is in the journal, which is a write-ahead log: the outputs are brought to
 * the disk under other names, then the line with their checksums is, and then they are renamed. Where a crash came in
 * between, the next start renames them. A line that a crash cut off does not count, and neither does its recording.
 *
 * <p>The file {@value #NAME} is text: a first line that names the format, then for every recording CRC-32C in hexadecimal, a
 * space and an object in JSON. The last line of a recording counts. Only one process at a time can have it open.
 * Thread-safe.
 */
public final class Journal implements AutoCloseable {
    /** Name of the file in the folder of the batch. */
    public static final String NAME = "omniscribe.journal";

    private static final String HEADER = "omniscribe journal 1\n";
    private static final int CHECKSUM = 9;
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * A line.
     *
     * @param recording its path, see {@link #name}
     * @param stamp state of the recording when it was read
     * @param settings hash of all that a transcript depends on, besides the recording
     * @param outputs what was written of it; if it failed, what was written of it before
     * @param result what is told of it
     */
    record Line(String recording, Stamp stamp, String settings, List<Written> outputs, Result result) {
        boolean done() {
            return result.status() == Result.Status.DONE;
        }
    }

    /** An output: its path, see {@link #name}, its bytes, and their SHA-256 in hexadecimal. */
    record Written(String file, long size, String sha256) {}

    /** Where the last line of a recording is. */
    private record Place(long at, int length) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private long end;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the journal of a folder, or begins one, and finishes what a crash left half done.
     *
     * @param folder where the outputs go; it is made if missing
     * @throws BatchException if it cannot be read and written, or another process works in the folder
     */
    public static Journal open(Path folder) {
        Path file = folder.resolve(NAME).toAbsolutePath();
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                throw new BatchException(
                        "another omniscribe is working in " + folder
                                + "; wait for it to end, or name another folder after -o",
                        null);
            }
            Journal journal = new Journal(file, channel);
            journal.load();
            return journal;
        } catch (IOException e) {
            close(channel);
            throw new BatchException(
                    "the journal " + file + " cannot be kept (" + reason(e)
                            + "). Name a folder after -o that can be written",
                    e);
        } catch (BatchException e) {
            close(channel);
            throw e;
        }
    }

    private static boolean lock(FileChannel channel) {
        try {
            return FileLocks.tryLock(channel);
        } catch (IOException e) {
            LOG.warn("the file system has no locks; make sure that no other omniscribe works in the same folder", e);
            return true;
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("the journal was not closed", e);
        }
    }

    static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private void load() throws IOException {
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), 1 << 16);
        byte[] start = in.readNBytes(header.length);
        if (!Arrays.equals(start, Arrays.copyOf(header, start.length))) {
            throw new BatchException(
                    file + " is no journal of this version; move it away, or name another folder after -o", null);
        }
        if (start.length < header.length) {
            truncate(0);
            write(header);
            return;
        }
        end = header.length;
        int damaged = 0;
        for (byte[] line; (line = line(in)) != null; end += line.length) {
            Optional<Line> read = parse(line);
            if (read.isPresent()) {
                remember(read.get(), new Place(end, line.length));
                finish(read.get());
            } else {
                damaged++;
            }
        }
        if (channel.size() > end) {
            LOG.info("{}: the last line was cut off and does not count", file);
            truncate(end);
        }
        if (damaged > 0) {
            LOG.warn("{}: {} damaged lines are passed over; their recordings are done again", file, damaged);
        }
    }

    /** The next line with its line feed; null if there is no whole one. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) >= 0; ) {
            line.write(b);
            if (b == '\n') {
                return line.toByteArray();
            }
        }
        return null;
    }

    private static Optional<Line> parse(byte[] line) {
        int length = line.length - CHECKSUM - 1;
        if (length <= 0 || !checksum(line, CHECKSUM, length).equals(ascii(line))) {
            return Optional.empty();
        }
        Faults faults = new Faults();
        Line read = JsonReader.of(Arrays.copyOfRange(line, CHECKSUM, CHECKSUM + length), faults)
                .lenient()
                .partial(Line.class);
        if (!faults.isEmpty()) {
            LOG.debug("a line of the journal is not as it should be: {}", faults);
            return Optional.empty();
        }
        return read.recording() == null
                        || read.stamp() == null
                        || read.settings() == null
                        || read.outputs() == null
                        || read.result() == null
                        || read.result().status() == null
                ? Optional.empty()
                : Optional.of(read);
    }

    private static String ascii(byte[] line) {
        return new String(line, 0, CHECKSUM, StandardCharsets.ISO_8859_1);
    }

    private static String checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return String.format(Locale.ROOT, "%08x ", crc.getValue());
    }

    private void remember(Line line, Place place) {
        places.put(line.recording(), place);
        for (Written output : line.outputs()) {
            owners.put(withoutExtension(output.file()), line.recording());
        }
    }

    /** Renames outputs that were on the disk when their line was written, if nobody has come to it. */
    private void finish(Line line) throws IOException {
        for (Written output : line.outputs()) {
            AtomicFile.finish(path(output), output.sha256());
        }
    }

    /** What the journal knows of a recording; empty if nothing. */
    synchronized Optional<Line> find(Path recording) {
        Place place = places.get(name(recording));
        return place == null ? Optional.empty() : Optional.of(read(place));
    }

    /** Where an output of a line is. */
    Path path(Written output) {
        return file.resolveSibling(output.file());
    }

    /** Whether an output, named without extension, belongs to another recording. */
    synchronized boolean belongsToAnother(Path output, Path recording) {
        String owner = owners.get(name(output).toLowerCase(Locale.ROOT));
        return owner != null && !owner.equals(name(recording));
    }

    /** Some file systems do not tell upper case from lower. */
    private static String withoutExtension(String output) {
        return output.substring(0, output.lastIndexOf('.')).toLowerCase(Locale.ROOT);
    }

    /** The name of a file in the journal: seen from the journal, so that all of it can be moved to another place. */
    private String name(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        boolean sameDrive = file.getRoot().equals(absolute.getRoot());
        return (sameDrive ? file.getParent().normalize().relativize(absolute) : absolute)
                .toString()
                .replace(file.getFileSystem().getSeparator(), "/");
    }

    private Line read(Place place) {
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        try {
            while (bytes.hasRemaining() && channel.read(bytes, place.at() + bytes.position()) >= 0) {}
        } catch (IOException e) {
            throw new BatchException("the journal " + file + " cannot be read (" + reason(e) + ")", e);
        }
        return parse(bytes.array())
                .orElseThrow(() ->
                        new BatchException("the journal " + file + " was changed by somebody else; start again", null));
    }

    /**
     * Makes a recording done: writes down that it is, and puts its outputs in their places.
     *
     * @param outputs on the disk, in the order of the job's outputs
     * @throws BatchException if the journal cannot be written; the recording then does not count as done
     * @throws IOException if an output cannot be put in its place; the recording then counts as failed
     */
    void done(Job job, String settings, List<Pending> outputs, Result result) throws IOException {
        List<Written> written = outputs.stream()
                .map(output -> new Written(name(output.file()), output.size(), output.sha256()))
                .toList();
        outputs.forEach(Pending::keep);
        try {
            append(new Line(name(job.recording()), job.stamp(), settings, written, result));
            for (Pending output : outputs) {
                output.commit();
            }
        } catch (BatchException | IOException e) {
            outputs.forEach(output -> AtomicFile.discard(AtomicFile.part(output.file())));
            throw e;
        }
    }

    /** Writes down that a recording failed. */
    void failed(Job job, String settings, Result result) {
        List<Written> before = find(job.recording()).map(Line::outputs).orElse(List.of());
        append(new Line(name(job.recording()), job.stamp(), settings, before, result));
    }

    private synchronized void append(Line line) {
        try {
            byte[] json = JSON.writeValueAsBytes(line);
            byte[] bytes = new byte[CHECKSUM + json.length + 1];
            System.arraycopy(json, 0, bytes, CHECKSUM, json.length);
            System.arraycopy(
                    checksum(json, 0, json.length).getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, CHECKSUM);
            bytes[bytes.length - 1] = '\n';
            Place place = new Place(end, bytes.length);
            write(bytes);
            remember(line, place);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line of the journal cannot be written as JSON", e);
        } catch (IOException e) {
            throw new BatchException(
                    "the journal " + file + " cannot be written (" + reason(e)
                            + "). What is done is kept: make room on the disk and start again",
                    e);
        }
    }

    private void write(byte[] bytes) throws IOException {
        try {
            channel.position(end);
            for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            channel.force(false);
            end += bytes.length;
        } catch (IOException e) {
            truncate(end);
            throw e;
        }
    }

    private void truncate(long length) throws IOException {
        channel.truncate(length);
        channel.force(true);
    }

    /**
     * Writes what became of all recordings of the journal, one JSON object a line, in a stable order: first those of a
     * batch in its order, then all others in the order in which they came into the journal first.
     *
     * @param recordings those of the batch; the ones that the journal does not know are left out
     */
    synchronized void writeResults(List<Path> recordings, OutputStream out) throws IOException {
        Set<String> order = new LinkedHashSet<>();
        recordings.forEach(recording -> order.add(name(recording)));
        order.addAll(places.keySet());
        for (String recording : order) {
            Place place = places.get(recording);
            if (place != null) {
                out.write(JSON.writeValueAsBytes(read(place).result()));
                out.write('\n');
            }
        }
    }

    /** Lets others have it; a journal that has nothing in it goes away. */
    @Override
    public void close() {
        try {
            if (places.isEmpty() && channel.isOpen()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("an empty journal stays", e);
        }
        close(channel);
    }
}
