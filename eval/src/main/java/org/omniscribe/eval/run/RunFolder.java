package org.omniscribe.eval.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.FileLocks;
import org.omniscribe.asr.io.JsonReader;

/**
 * A run on disk: test sets, and what each system recognised in them. Everything that reports are made of is in it, but the
 * audio.
 *
 * <pre>
 * sets/NAME.json        a test set with its references
 * systems/NAME.json     what a system is
 * systems/NAME.jsonl    its {@link SystemLog}
 * report/               what was made of it all
 * </pre>
 *
 * <p>Only one program at a time uses a run. It may be killed at any time and go on later.
 */
public final class RunFolder implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    private static final String INFO = ".json";
    private static final String LOG = ".jsonl";

    private final Path folder;
    private final FileChannel lockFile;
    private final List<SystemLog> systems;

    private RunFolder(Path folder, FileChannel lockFile, List<SystemLog> systems) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.systems = systems;
    }

    /**
     * Opens a run, or begins one.
     *
     * @throws RunException if another program uses it, or a file in it is damaged
     * @throws IOException if the folder cannot be made
     */
    public static RunFolder open(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("sets"));
        Files.createDirectories(folder.resolve("systems"));
        FileChannel lockFile =
                FileChannel.open(folder.resolve("run.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(folder, lockFile);
            List<SystemLog> systems = new ArrayList<>();
            for (Path file : files(folder.resolve("systems"))) {
                SystemInfo info = read(file, SystemInfo.class);
                systems.add(SystemLog.open(info, logOf(folder, info.name())));
            }
            systems.sort(Comparator.comparing(s -> s.info().place()));
            return new RunFolder(folder, lockFile, systems);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static void lock(Path folder, FileChannel lockFile) throws IOException {
        if (!FileLocks.tryLock(lockFile)) {
            throw new RunException(folder + " is in use by another program. Wait for it, or use another folder.");
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Keeps a test set; one of the same name is replaced. */
    public void save(TestSet set) throws IOException {
        write(folder.resolve("sets").resolve(fileName(set.name()) + INFO), set);
    }

    /** The test sets, in the order of their names. */
    public List<TestSet> sets() throws IOException {
        List<TestSet> sets = new ArrayList<>();
        for (Path file : files(folder.resolve("sets"))) {
            sets.add(read(file, TestSet.class));
        }
        return sets;
    }

    /** The systems, those that were there before first. */
    public List<SystemLog> systems() {
        return List.copyOf(systems);
    }

    /**
     * The log of a system, a new one if it has none. Where the name belongs to a system of another
     * identity, the decoder goes behind it, and if need be a number.
     *
     * @param info the system, under the name that it should have
     */
    public SystemLog system(SystemInfo info) throws IOException {
        Optional<SystemLog> known = systems.stream()
                .filter(s -> s.info().identity().equals(info.identity()))
                .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        String name = isTaken(info.name()) ? info.name() + ", " + info.decoderName() : info.name();
        String first = name;
        for (int n = 2; isTaken(name); n++) {
            name = first + " " + n;
        }
        SystemInfo named = info.placed(systems.size() + 1, name);
        write(folder.resolve("systems").resolve(fileName(name) + INFO), named);
        SystemLog log = SystemLog.open(named, logOf(folder, name));
        systems.add(log);
        return log;
    }

    private boolean isTaken(String name) {
        return systems.stream().anyMatch(s -> s.info().name().equalsIgnoreCase(name));
    }

    private static Path logOf(Path folder, String system) {
        return folder.resolve("systems").resolve(fileName(system) + LOG);
    }

    /** A file name for any name: what is not safe on every system is written as %XX. */
    public static String fileName(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(INFO)).sorted().toList();
        }
    }

    private static <T extends Record> T read(Path file, Class<T> type) {
        Faults faults = new Faults();
        T value;
        try {
            value = JsonReader.of(Files.readAllBytes(file), faults).partial(type);
        } catch (IOException e) {
            throw new RunException(file + " cannot be read (" + FailureText.reason(e) + ")", e);
        }
        faults.orThrow(all ->
                new RunException(file + " is damaged (" + all + "). Delete it, and name its test set or model again."));
        return value;
    }

    /** Whole or not at all. */
    private static void write(Path file, Object value) throws IOException {
        AtomicFile.writeBytes(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
    }

    /** Lets others use the run. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
