package org.omniscribe.datasets.download;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks archives from strangers: zip, tar, and tar with gzip, told by content.
 *
 * <p>Nothing is written outside the folder; links and devices are refused; an archive that swells to more than {@value
 * #MAX_SWELLING} times its size, or has more than {@value #MAX_FILES} entries, is a bomb.
 */
public final class Unpacker {
    /** Sound hardly gets smaller in an archive; text does, tenfold. */
    private static final int MAX_SWELLING = 30;

    private static final long SMALL = 16L << 20;
    private static final int MAX_FILES = 2_000_000;

    private final Path archive;
    private final Path folder;
    private final List<Rule> rules;
    private final LongConsumer progress;
    private final long limit;
    private final List<Path> written = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();
    private long inflated;
    private long told;
    private int entries;

    /**
     * Which entries are wanted and what becomes of their names; each entry goes by the first rule that it matches, and one
     * that matches none is passed over.
     *
     * @param entry matches the whole name of an entry
     * @param path its path in the folder, with {@code $1} for groups
     */
    public record Rule(Pattern entry, String path) {
        /** Everything, where the archive puts it. */
        public static final Rule ALL = new Rule(Pattern.compile("(?:\\./)*(.*)", Pattern.DOTALL), "$1");

        /** A rule of a regular expression. */
        public Rule(String entry, String path) {
            this(Pattern.compile(entry), path);
        }
    }

    private Unpacker(Path archive, Path folder, List<Rule> rules, LongConsumer progress) throws IOException {
        this.archive = archive;
        this.folder = folder.toAbsolutePath().normalize();
        this.rules = rules;
        this.progress = progress;
        this.limit = MAX_SWELLING * Files.size(archive) + SMALL;
    }

    /**
     * Unpacks an archive into a folder that is empty or not there yet.
     *
     * @param progress is told how many bytes of the content are done
     * @return the files that were written
     * @throws DownloadException if the archive is damaged, hostile, or holds nothing that the rules want
     * @throws InterruptedException if the thread was interrupted
     */
    public static List<Path> unpack(Path archive, Path folder, List<Rule> rules, LongConsumer progress)
            throws InterruptedException {
        try {
            Unpacker unpacker = new Unpacker(archive, folder, rules, progress);
            unpacker.all();
            return unpacker.written;
        } catch (FileAlreadyExistsException e) {
            throw new DownloadException(archive + " holds " + e.getFile() + " twice; unpack it by hand.", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new DownloadException(
                    archive + " cannot be unpacked into " + folder + ": " + e.getMessage()
                            + ". If the disk is not full, the archive is damaged: delete it and download it anew.",
                    e);
        }
    }

    private void all() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        byte[] start = new byte[4];
        try (InputStream in = Files.newInputStream(archive)) {
            start = in.readNBytes(4);
        }
        if (Arrays.equals(start, new byte[] {'P', 'K', 3, 4})) {
            zip();
        } else if (start.length > 1 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                    InputStream unzipped = GzipCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .get()) {
                tar(unzipped);
            }
        } else {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
                tar(in);
            }
        }
        if (written.isEmpty()) {
            throw new DownloadException(archive + " holds nothing of what it should"
                    + (passed.isEmpty() ? "" : ", but " + String.join(", ", passed))
                    + ". It may have been rearranged at its source; unpack it by hand.");
        }
    }

    private void zip() throws IOException, InterruptedException {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (Enumeration<ZipArchiveEntry> list = zip.getEntries(); list.hasMoreElements(); ) {
                ZipArchiveEntry entry = list.nextElement();
                Path target = target(entry, !entry.isUnixSymlink());
                if (target != null) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        write(in, target);
                    }
                }
            }
        }
    }

    private void tar(InputStream in) throws IOException, InterruptedException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new Counted(in), "UTF-8")) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                Path target = target(entry, isPlain(entry));
                if (target != null) {
                    write(tar, target);
                }
            }
        }
    }

    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.isFile()
                && !entry.isLink()
                && !entry.isSymbolicLink()
                && !entry.isCharacterDevice()
                && !entry.isBlockDevice()
                && !entry.isFIFO();
    }

    /** Where an entry goes; null if it is a folder or not wanted. */
    private Path target(ArchiveEntry entry, boolean plain) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("unpacking was interrupted");
        }
        if (++entries > MAX_FILES) {
            throw new DownloadException(archive + " holds more than " + MAX_FILES + " entries; it is not unpacked.");
        }
        String name = entry.getName();
        if (entry.isDirectory()) {
            return null;
        }
        for (Rule rule : rules) {
            Matcher matcher = rule.entry.matcher(name);
            if (matcher.matches()) {
                if (!plain) {
                    throw new DownloadException(archive + " holds a link or device, " + name
                            + ", where a file should be;" + " it is not unpacked.");
                }
                return inside(matcher.replaceFirst(rule.path), name);
            }
        }
        if (passed.size() < 5) {
            passed.add(name);
        }
        return null;
    }

    private Path inside(String path, String name) {
        try {
            Path target = folder.resolve(path).normalize();
            boolean leads = List.of(path.split("[/\\\\]", -1)).contains("..")
                    || path.matches("(?s)[/\\\\].*|[A-Za-z]:.*")
                    || !target.startsWith(folder)
                    || target.equals(folder);
            if (!leads) {
                return target;
            }
        } catch (InvalidPathException e) {
            // Told below: it is no better than one that leads elsewhere.
        }
        throw new DownloadException(archive + " holds the name \"" + name
                + "\", which leads out of the folder; the archive" + " is not what it should be, and is not unpacked.");
    }

    private void write(InputStream in, Path target) throws IOException, InterruptedException {
        Files.createDirectories(target.getParent());
        byte[] block = new byte[1 << 16];
        try (OutputStream out =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n; (n = in.read(block)) > 0; ) {
                if (!(in instanceof TarArchiveInputStream)) {
                    count(n);
                }
                out.write(block, 0, n);
                if (Thread.interrupted()) {
                    throw new InterruptedException("unpacking was interrupted");
                }
            }
        }
        written.add(target);
    }

    /** Takes note of what came out of the archive, wanted or not. */
    private void count(long bytes) throws IOException {
        inflated += bytes;
        if (inflated > limit) {
            throw new DownloadException(String.format(
                    Locale.ROOT,
                    "%s swells to more than %d times its size; it is not what it should be, and is not unpacked.",
                    archive,
                    MAX_SWELLING));
        }
        if (inflated - told > Downloader.RESERVE / 4) {
            told = inflated;
            progress.accept(inflated);
            if (Files.getFileStore(folder).getUsableSpace() < Downloader.RESERVE) {
                throw new DownloadException("the disk of " + folder + " is full. Make room, and start again.");
            }
        }
    }

    /** Counts what is read of a tar, skipped entries as well. */
    private final class Counted extends InputStream {
        private final InputStream in;

        Counted(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            if (b >= 0) {
                count(1);
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = in.read(bytes, offset, length);
            if (n > 0) {
                count(n);
            }
            return n;
        }
    }
}
