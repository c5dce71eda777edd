package org.omniscribe.app.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.decode.Pronunciations;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;

/**
 * Damaged files of all kinds: every reader reads them or refuses them with its own exception, in seconds, with memory in
 * proportion to the file, and writes nothing outside of its folder.
 *
 * <p>A few thousand inputs here; {@code -Domniscribe.fuzz=200000} sets another number for all readers together, and
 * {@code -Domniscribe.fuzz.seed=N} other inputs. An input that breaks something is kept in {@code target/fuzz}.
 */
class FuzzTest {
    private static final int STANDARD = 2000;
    private static final int INPUTS = Integer.getInteger("omniscribe.fuzz", STANDARD);
    private static final long SEED = Long.getLong("omniscribe.fuzz.seed", 1);
    private static final String ONLY = System.getProperty("omniscribe.fuzz.only", "");
    private static final Path KEPT = Path.of("target", "fuzz");

    /** Time of the processor, which is the same however busy the machine is. */
    private static final long MAX_NANOS = 20_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long MAX_BYTES = 96L << 20;
    private static final long BYTES_A_BYTE = 2000;

    static {
        // What it says of every damaged journal is of no use here.
        System.setProperty("org.slf4j.simpleLogger.log.org.omniscribe.app.batch.Journal", "error");
    }

    @TempDir
    Path folder;

    private final Map<String, String> findings = new TreeMap<>();
    private volatile long begun;
    private volatile String current = "";
    private volatile boolean ended;
    private volatile Throwable broken;

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        List<Target> targets = Target.all(folder).stream()
                .filter(target -> target.name().contains(ONLY))
                .toList();
        Thread thread = new Thread(() -> attack(targets), "fuzz");
        thread.setDaemon(true);
        thread.start();
        while (!ended) {
            thread.join(500);
            if (!ended && THREADS.getThreadCpuTime(thread.getId()) - begun > MAX_NANOS) {
                throw new AssertionError("hangs: " + current + "\n\tat "
                        + Arrays.stream(thread.getStackTrace())
                                .limit(25)
                                .map(Object::toString)
                                .reduce((a, b) -> a + "\n\tat " + b)
                                .orElse(""));
            }
        }
        if (broken != null) {
            throw new AssertionError(broken);
        }
        assertEquals(Map.of(), findings, () -> String.join("\n\n", findings.values()));
    }

    /** A few kilobytes that become a gigabyte where somebody unpacks all of them. */
    @Test
    void aZipBombIsRefused() throws IOException {
        Path bomb = folder.resolve("bomb.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("model.json"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                zip.write(zeros);
            }
        }
        String message =
                assertThrows(ModelException.class, () -> ModelBundle.open(bomb)).getMessage();
        assertTrue(message.contains("more than 64 MB"), message);
    }

    /** The lexicon in a bundle is compressed by itself: a line without end would fill the memory. */
    @Test
    void aLexiconThatUnpacksToTooMuchIsRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] letters = "a".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 65; i++) {
                gzip.write(letters);
            }
        }
        String message = assertThrows(
                        ModelException.class,
                        () -> Pronunciations.readCompressed(new ByteArrayInputStream(bomb.toByteArray()), "lexicon"))
                .getMessage();
        assertTrue(message.contains("more than 64 MB"), message);
    }

    private void attack(List<Target> targets) {
        try {
            for (Target target : targets) {
                Path input = folder.resolve(target.where());
                Files.createDirectories(input.getParent());
                long start = System.nanoTime();
                for (int i = 0; i < INPUTS / targets.size(); i++) {
                    attack(target, input, i);
                }
                if (INPUTS > STANDARD) {
                    System.out.printf(
                            "FuzzTest: %s, %d inputs in %d ms, %d findings so far%n",
                            target.name(),
                            INPUTS / targets.size(),
                            (System.nanoTime() - start) / 1_000_000,
                            findings.size());
                }
                if (Files.exists(input)) {
                    Files.write(input, target.seeds().get(0));
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            broken = e;
        } finally {
            ended = true;
        }
    }

    private void attack(Target target, Path input, int number) throws IOException {
        Random random = new Random(SEED * 1_000_003 + target.name().hashCode() * 31L + number);
        List<byte[]> seeds = target.seeds();
        byte[] seed = seeds.get(random.nextInt(seeds.size()));
        byte[] bytes = Mutator.mutate(seed, seeds.get(random.nextInt(seeds.size())), random);
        if (random.nextBoolean()) {
            bytes = target.repair().apply(bytes);
        }
        Files.write(input, bytes);
        current = target.name() + " number " + number + " of seed " + SEED;
        begun = THREADS.getCurrentThreadCpuTime();
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        Throwable thrown = null;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            target.reading().read(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
            thrown = e;
        } finally {
            System.setErr(err);
        }
        if (printed.size() > 0) {
            found(target, bytes, "print", "prints: " + printed.toString(StandardCharsets.UTF_8));
        }
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        long took = THREADS.getCurrentThreadCpuTime() - begun;
        if (thrown != null && !(thrown instanceof OmniscribeException && thrown.getMessage() != null)) {
            found(target, bytes, place(thrown), trace(thrown));
        } else if (allocated > MAX_BYTES + BYTES_A_BYTE * bytes.length) {
            found(target, bytes, "memory", "asks for " + (allocated >> 20) + " MB for " + bytes.length + " bytes");
        }
        if (took > MAX_NANOS / 4) {
            found(target, bytes, "time", "takes " + took / 1_000_000 + " ms");
        }
    }

    private void found(Target target, byte[] bytes, String what, String trace) throws IOException {
        Files.createDirectories(KEPT);
        String name = (target.name() + " " + what).replaceAll("[^A-Za-z0-9.]+", "-");
        if (findings.putIfAbsent(name, current + "\n" + trace) == null) {
            Files.write(KEPT.resolve(name), bytes);
        }
    }

    /** The same for all inputs that hit the same line. */
    private static String place(Throwable e) {
        return e.getClass().getSimpleName() + " "
                + Arrays.stream(e.getStackTrace())
                        .filter(frame -> frame.getClassName().startsWith("org.omniscribe"))
                        .findFirst()
                        .map(frame -> frame.getFileName() + " " + frame.getLineNumber())
                        .orElse("");
    }

    private static String trace(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString().lines().limit(14).reduce((a, b) -> a + "\n" + b).orElse("");
    }
}
